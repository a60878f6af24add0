"""Audit rows can be neither deleted nor changed, but that salt and payload may be emptied.

Revision: 0002, after 0001. Written by hand: triggers are not part of the models. A later migration
that makes `audit_row` anew on SQLite (batch mode) has to create these triggers again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT = ("id", "at", "actor", "action", "subject", "digest", "hash")

SQLITE = (
    f"""
    CREATE TRIGGER audit_row_not_changed BEFORE UPDATE ON audit_row
    WHEN {" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in KEPT)}
      OR (NEW.salt IS NOT OLD.salt AND NEW.salt IS NOT NULL)
      OR (NEW.payload IS NOT OLD.payload AND coalesce(NEW.payload, 'null') <> 'null')
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END
    """,
    """
    CREATE TRIGGER audit_row_not_deleted BEFORE DELETE ON audit_row
    BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION audit_row_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit rows are never changed or deleted'; END $$
    """,
    f"""
    CREATE TRIGGER audit_row_not_changed BEFORE UPDATE ON audit_row FOR EACH ROW
    WHEN ({" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT)}
      OR (NEW.salt IS DISTINCT FROM OLD.salt AND NEW.salt IS NOT NULL)
      OR (NEW.payload::text IS DISTINCT FROM OLD.payload::text
          AND coalesce(NEW.payload::text, 'null') <> 'null'))
    EXECUTE FUNCTION audit_row_refuse()
    """,
    """
    CREATE TRIGGER audit_row_not_deleted BEFORE DELETE ON audit_row FOR EACH ROW
    EXECUTE FUNCTION audit_row_refuse()
    """,
    """
    CREATE TRIGGER audit_row_not_emptied BEFORE TRUNCATE ON audit_row FOR EACH STATEMENT
    EXECUTE FUNCTION audit_row_refuse()
    """,
)


def upgrade() -> None:
    for statement in SQLITE if op.get_context().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_row_not_deleted")
        op.execute("DROP TRIGGER audit_row_not_changed")
        return
    for trigger in ("audit_row_not_emptied", "audit_row_not_deleted", "audit_row_not_changed"):
        op.execute(f"DROP TRIGGER {trigger} ON audit_row")
    op.execute("DROP FUNCTION audit_row_refuse()")
