"""What the vetting machine promises, held by the database for whatever writes to it.

Revision: 0003, after 0002. Written by hand: triggers are not part of the models. A later migration
that makes one of these tables anew on SQLite (batch mode) has to create its triggers again.

A finding is never changed (its words may be emptied, when a person is erased), is no longer added
when the case is decided, and goes only with its case. A decision stays as it was taken, and is
taken by nobody who is the applicant, has nominated them or is their referee, has examined the case,
or examined or decided the one that is appealed against. Nobody becomes qualified by their own word,
by that of one person under two names, or by that of who examined their open case or spoke for them.
Two accounts with one address or one phone are one person.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STEP_KEPT = ("id", "case_id", "stage", "subject", "result", "reviewer_id", "at", "score", "level")
CASE_KEPT = ("id", "expert_id", "kind", "appeal_of", "opened_at")
DECIDED_KEPT = ("state", "decided_at", "decided_by")
WORDS = ("evidence", "comment")
VETTED = "('qualified', 'listed')"

STEP_CHANGED = "what was found is never changed"
STEP_DELETED = "what was found is never deleted"
STEP_LATE = "nothing is found in a case that is decided"
STEP_OWN = "nobody examines themself"
CASE_CHANGED = "what was decided is never changed"
CASE_ALONE = "a case is decided by a person who has not examined it"
CASE_VOUCHED = "a case is decided by a person who has not spoken for the applicant"
EXPERT_ALONE = "nobody is qualified by themself, or by who examined them"
EXPERT_VOUCHED = "nobody is qualified by who has spoken for them"


def same(one: str, other: str) -> str:
    """Whether the rows of these aliases, accounts or experts, are of one person."""
    mail = f"lower(trim({one}.email)) = lower(trim({other}.email))"
    return f"({mail} OR ({one}.phone <> '' AND {one}.phone = {other}.phone))"


def exists(tables: str, *conditions: str) -> str:
    """Whether there are rows of `tables` for which all `conditions` hold."""
    return f"EXISTS (SELECT 1 FROM {tables} WHERE {' AND '.join(conditions)})"  # noqa: S608  ours


OWN_STEP = exists(
    "user_account u, vetting_case c, expert e",
    "u.id = NEW.reviewer_id AND c.id = NEW.case_id AND e.id = c.expert_id",
    f"(u.id = e.user_id OR {same('u', 'e')})",
)
OWN_DECISION = exists(
    "user_account u, expert e",
    "u.id = NEW.decided_by AND e.id = NEW.expert_id",
    f"(u.id = e.user_id OR {same('u', 'e')})",
)
EXAMINED = exists(
    "user_account d, user_account r, vetting_step s",
    "d.id = NEW.decided_by AND s.case_id IN (NEW.id, NEW.appeal_of) AND r.id = s.reviewer_id",
    f"(r.id = d.id OR {same('r', 'd')})",
)
DECIDED_BEFORE = exists(
    "user_account d, user_account r, vetting_case c",
    "d.id = NEW.decided_by AND c.id = NEW.appeal_of AND r.id = c.decided_by",
    f"(r.id = d.id OR {same('r', 'd')})",
)
# Referees have an address and no account; who was asked and declined has said nothing.
REFEREE = (
    "user_account d, reference f",
    "f.declined_at IS NULL AND f.email <> ''",
    "lower(trim(f.email)) = lower(trim(d.email))",
)
# By the applicant's address, or for the application that they sent: a query for each finds an index.
NOMINATOR = "n.id = m.\"by\" AND " + f"(n.id = d.id OR {same('n', 'd')})"
BY_ADDRESS = ("user_account d, user_account n, nomination m, expert e", "m.email = e.email", NOMINATOR)
BY_DRAFT = (
    "user_account d, user_account n, nomination m, application a",
    "m.id = a.nomination_id",
    NOMINATOR,
)
VOUCHED = " OR ".join(
    (
        exists(*REFEREE, "d.id = NEW.decided_by AND f.case_id IN (NEW.id, NEW.appeal_of)"),
        exists(*BY_ADDRESS, "d.id = NEW.decided_by AND e.id = NEW.expert_id"),
        exists(*BY_DRAFT, "d.id = NEW.decided_by AND a.expert_id = NEW.expert_id"),
    )
)
DECIDED_VOUCHED = f"NEW.state IN ('qualified', 'refused') AND ({VOUCHED})"
SPOKE = " OR ".join(
    (
        exists(
            *REFEREE,
            "d.id = NEW.approved_by AND f.case_id IN "
            "(SELECT c.id FROM vetting_case c WHERE c.expert_id = NEW.id AND c.state = 'open')",
        ),
        exists(
            "user_account d, user_account n, nomination m",
            "d.id = NEW.approved_by AND m.email = NEW.email",
            NOMINATOR,
        ),
        exists(*BY_DRAFT, "d.id = NEW.approved_by AND a.expert_id = NEW.id"),
    )
)
DECIDED_ALONE = f"""NEW.state IN ('qualified', 'refused')
    AND (NEW.decided_by IS NULL OR {OWN_DECISION} OR {EXAMINED} OR {DECIDED_BEFORE})"""

OWN_WORD = exists(
    "user_account u",
    "u.id IN (NEW.vetted_by, NEW.approved_by)",
    f"(u.id = NEW.user_id OR {same('u', 'NEW')})",
)
EXAMINER = exists(
    "user_account d, user_account r, vetting_step s, vetting_case c",
    "d.id = NEW.approved_by AND c.expert_id = NEW.id AND c.state = 'open'",
    f"s.case_id = c.id AND r.id = s.reviewer_id AND (r.id = d.id OR {same('r', 'd')})",
)
SAME_WORD = exists(
    "user_account v, user_account a",
    "v.id = NEW.vetted_by AND a.id = NEW.approved_by",
    same("v", "a"),
)
BEGINS = f"NEW.status IN {VETTED} AND ({OWN_WORD} OR {SAME_WORD})"
MOVES = f"""NEW.status IN {VETTED}
    AND (OLD.status NOT IN {VETTED} OR OLD.vetted_by {{differs}} NEW.vetted_by
         OR OLD.approved_by {{differs}} NEW.approved_by OR OLD.user_id {{differs}} NEW.user_id)
    AND ({OWN_WORD}
         OR ((OLD.status = 'applicant' OR OLD.approved_by {{differs}} NEW.approved_by)
             AND {EXAMINER})
         OR ((OLD.status = 'applicant' OR OLD.vetted_by {{differs}} NEW.vetted_by
              OR OLD.approved_by {{differs}} NEW.approved_by) AND {SAME_WORD}))"""
# By whichever way they are let in; a renewal is a case, and decided as one.
LET_IN = f"OLD.status = 'applicant' AND NEW.status IN {VETTED} AND ({SPOKE})"
ENTRY = "status, vetted_by, approved_by, user_id"


def step_changed(differs: str) -> str:
    """That an update of a finding does more than empty its words."""
    words = (f"(NEW.{word} {differs} OLD.{word} AND NEW.{word} <> '')" for word in WORDS)
    return " OR ".join([*(f"NEW.{name} {differs} OLD.{name}" for name in STEP_KEPT), *words])


def case_changed(differs: str) -> str:
    """That an update touches what a case is, or how it ended."""
    ended = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in DECIDED_KEPT)
    kept = (f"NEW.{name} {differs} OLD.{name}" for name in CASE_KEPT)
    return " OR ".join([*kept, f"(OLD.state <> 'open' AND ({ended}))"])


def sqlite_trigger(name: str, when: str, condition: str, words: str) -> str:
    """A trigger that aborts with `words` when `condition` holds."""
    return f"""
    CREATE TRIGGER {name} BEFORE {when} WHEN {condition}
    BEGIN SELECT RAISE(ABORT, '{words}'); END
    """


LATE = "NOT " + exists("vetting_case c", "c.id = NEW.case_id", "c.state = 'open'")
NOT_ALONE = exists("vetting_case c", "c.id = OLD.case_id")
SQLITE = {
    ("vetting_step_not_changed", "UPDATE ON vetting_step"): (step_changed("IS NOT"), STEP_CHANGED),
    ("vetting_step_not_deleted", "DELETE ON vetting_step"): (NOT_ALONE, STEP_DELETED),
    ("vetting_step_in_time", "INSERT ON vetting_step"): (LATE, STEP_LATE),
    ("vetting_step_not_own", "INSERT ON vetting_step"): (OWN_STEP, STEP_OWN),
    ("vetting_case_kept", "UPDATE ON vetting_case"): (case_changed("IS NOT"), CASE_CHANGED),
    ("vetting_case_begun", "INSERT ON vetting_case"): (DECIDED_ALONE, CASE_ALONE),
    ("vetting_case_begun_vouched", "INSERT ON vetting_case"): (DECIDED_VOUCHED, CASE_VOUCHED),
    ("vetting_case_decided", "UPDATE ON vetting_case"): (
        f"OLD.state = 'open' AND {DECIDED_ALONE}", CASE_ALONE),
    ("vetting_case_vouched", "UPDATE ON vetting_case"): (
        f"OLD.state = 'open' AND {DECIDED_VOUCHED}", CASE_VOUCHED),
    ("expert_vouched", f"UPDATE OF {ENTRY} ON expert"): (LET_IN, EXPERT_VOUCHED),
    ("expert_begun", "INSERT ON expert"): (BEGINS, EXPERT_ALONE),
    ("expert_qualified", f"UPDATE OF {ENTRY} ON expert"): (
        MOVES.format(differs="IS NOT"), EXPERT_ALONE),
}  # fmt: skip


def refusing(name: str, *rules: tuple[str, str], prepare: str = "") -> str:
    """A trigger function that raises the words of the first rule whose condition holds."""
    checks = "\n".join(
        f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF;"
        for condition, words in rules
    )
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {prepare} {checks} RETURN coalesce(NEW, OLD); END $$
    """


# The row of the case is held, so that nobody examines what is being decided at the same moment.
HOLD = "PERFORM 1 FROM vetting_case c WHERE c.id = NEW.case_id FOR SHARE;"
DIFFERS = "IS DISTINCT FROM"
POSTGRESQL = {
    ("vetting_step_not_changed", "UPDATE ON vetting_step"): (
        (step_changed(DIFFERS), STEP_CHANGED),),
    ("vetting_step_not_deleted", "DELETE ON vetting_step"): ((NOT_ALONE, STEP_DELETED),),
    ("vetting_step_in_time", "INSERT ON vetting_step"): (
        (LATE, STEP_LATE), (OWN_STEP, STEP_OWN)),
    ("vetting_case_begun", "INSERT ON vetting_case"): (
        (DECIDED_ALONE, CASE_ALONE), (DECIDED_VOUCHED, CASE_VOUCHED)),
    ("vetting_case_kept", "UPDATE ON vetting_case"): (
        (case_changed(DIFFERS), CASE_CHANGED),
        (f"OLD.state = 'open' AND {DECIDED_ALONE}", CASE_ALONE),
        (f"OLD.state = 'open' AND {DECIDED_VOUCHED}", CASE_VOUCHED)),
    ("expert_begun", "INSERT ON expert"): ((BEGINS, EXPERT_ALONE),),
    ("expert_qualified", f"UPDATE OF {ENTRY} ON expert"): (
        (MOVES.format(differs=DIFFERS), EXPERT_ALONE), (LET_IN, EXPERT_VOUCHED)),
}  # fmt: skip


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for (name, when), (condition, words) in SQLITE.items():
            op.execute(sqlite_trigger(name, when, condition, words))
        return
    for (name, when), rules in POSTGRESQL.items():
        prepare = HOLD if name == "vetting_step_in_time" else ""
        op.execute(refusing(f"{name}_check", *rules, prepare=prepare))
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION {name}_check()"
        )


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name, _ in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, when in POSTGRESQL:
        op.execute(f"DROP TRIGGER {name} ON {when.split()[-1]}")
        op.execute(f"DROP FUNCTION {name}_check()")
