"""The database itself refuses to change audit rows; only salt and payload can be emptied."""

import pytest
from sqlalchemy import delete, null, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit, clock
from core.audit import AuditRow
from core.db import db, writing


@pytest.fixture
def chain(session: Session) -> Session:
    """A session on a database with two audit rows."""
    for number in (1, 2):
        with writing():
            audit.record(
                session, actor="system", action="test.done", subject="test:x",
                now=clock.now(session), number=number,
            )  # fmt: skip
    return session


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "somebody"},
        {"action": "test.undone"},
        {"subject": "test:y"},
        {"digest": "0" * 64},
        {"hash": "0" * 64},
        {"id": 7},
        {"salt": "another"},
        {"payload": {"number": 3}},
    ],
)
def test_no_column_can_be_changed(chain: Session, change: dict[str, object]) -> None:
    with pytest.raises(DBAPIError, match="audit rows are never changed"), writing():
        chain.execute(update(AuditRow).where(AuditRow.id == 1).values(**change))
    assert audit.verify(chain) is None


def test_no_row_can_be_deleted(chain: Session) -> None:
    with pytest.raises(DBAPIError, match="audit rows are never"), writing():
        chain.execute(delete(AuditRow).where(AuditRow.id == 2))
    assert audit.verify(chain) is None


def test_the_table_cannot_be_emptied(chain: Session) -> None:
    command = "TRUNCATE audit_row" if db.engine.name == "postgresql" else "DELETE FROM audit_row"
    with pytest.raises(DBAPIError, match="audit rows are never"), writing():
        chain.execute(text(command))


@pytest.mark.parametrize("nothing", [None, null()], ids=["json-null", "sql-null"])
def test_a_person_can_be_erased_and_the_chain_still_holds(chain: Session, nothing: object) -> None:
    with writing():
        chain.execute(update(AuditRow).where(AuditRow.id == 1).values(salt=None, payload=nothing))
    assert audit.verify(chain) is None
    with pytest.raises(DBAPIError, match="audit rows are never changed"), writing():
        chain.execute(update(AuditRow).where(AuditRow.id == 1).values(salt="s", payload={"a": 1}))
