"""Where `flask db` meets the database: one migration at a time, in one transaction, on both kinds.

Imports every package's models, since autogeneration compares the whole metadata.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

import core.accounts.models
import core.audit
import core.mail
import core.reference.models
import dispatch.models
import roster.models
from core.db import Base
from core.sqlite import immediate

# All that bring tables along; the metadata is complete only when each was imported.
MODELS = (
    core.accounts.models,
    core.audit,
    core.mail,
    core.reference.models,
    dispatch.models,
    roster.models,
)
LOCK = 0x3C4E3A  # one advisory lock for all migrations; any constant would do


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Writes our own column types as what they are to the database, so that old migrations run
    whatever becomes of the code."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


SHARED: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "render_item": render_item,
    "render_as_batch": True,
    "compare_type": True,
    # SQLite can roll back changes of the schema, too, since we say BEGIN ourselves.
    "transactional_ddl": True,
}


@contextmanager
def foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew; its references must not cascade meanwhile."""
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def take_turns(connection: sa.Connection) -> None:
    """Lets a second `flask db upgrade` wait for the first, as SQLite's write lock does."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def check_references(connection: sa.Connection) -> None:
    """Refuses to commit a migration after which a row refers to nothing (SQLite)."""
    if connection.dialect.name == "sqlite":
        lost = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
        if lost:
            raise RuntimeError(f"a row of {lost[0]} would refer to a missing row of {lost[2]}")


def run_online() -> None:
    """Migrates the database of the application."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, foreign_keys_off(connection), immediate():
        context.configure(connection=connection, **SHARED)
        with context.begin_transaction():
            take_turns(connection)
            context.run_migrations()
            check_references(connection)


def run_offline() -> None:
    """Prints the SQL instead of running it (`flask db upgrade --sql`)."""
    engine = current_app.extensions["migrate"].db.engine
    context.configure(dialect_name=engine.dialect.name, literal_binds=True, **SHARED)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
