"""The record of who did what: one chain, in the transaction of the change, whatever is tried."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core import audit
from core.audit import AuditRow, verify
from core.clock import now
from core.db import db, writing
from core.reference.models import Region
from tests.conftest import Command


def record(number: int, **payload: Any) -> None:
    with writing() as session:
        audit.record(
            session, actor="system", action="test.done", subject=f"test:{number}",
            now=now(session), **payload,
        )  # fmt: skip


def rows(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


@pytest.fixture
def chain(session: Session) -> Session:
    """Five rows, and a database that no longer guards them."""
    for number in range(1, 6):
        record(number, note=f"number {number}")
    with writing() as unguarded:
        for statement in unguard(unguarded):
            unguarded.execute(text(statement))
    return session


def unguard(session: Session) -> list[str]:
    if session.get_bind().dialect.name == "sqlite":
        return ["DROP TRIGGER audit_row_not_deleted", "DROP TRIGGER audit_row_not_changed"]
    return ["ALTER TABLE audit_row DISABLE TRIGGER USER"]


def tamper(session: Session, change: Callable[[AuditRow], None], number: int = 3) -> None:
    with writing():
        row = session.get(AuditRow, number)
        assert row is not None
        change(row)


def test_an_untouched_chain_verifies(chain: Session) -> None:
    assert verify(chain) is None
    assert rows(chain) == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "somebody else"),
        ("action", "test.undone"),
        ("subject", "test:9"),
        ("digest", "0" * 64),
        ("hash", "1" * 64),
        ("salt", "0" * 32),
        ("payload", {"note": "number 4"}),
        ("payload", None),
    ],
)
def test_a_change_of_any_column_is_found_at_its_row(
    chain: Session, column: str, value: object
) -> None:
    tamper(chain, lambda row: setattr(row, column, value))
    fault = verify(chain)
    assert fault is not None
    assert fault.row == 3


def test_another_time_is_found(chain: Session) -> None:
    tamper(chain, lambda row: setattr(row, "at", row.at + timedelta(microseconds=1)))
    fault = verify(chain)
    assert fault is not None
    assert fault.row == 3


def test_a_payload_that_was_exchanged_with_its_salt_and_digest_is_found(chain: Session) -> None:
    def exchange(row: AuditRow) -> None:
        row.salt, row.payload = "0" * 32, {"note": "invented"}
        row.digest = audit.digest_of(row.salt, row.payload)

    tamper(chain, exchange)
    fault = verify(chain)
    assert fault is not None
    assert fault.row == 3


def test_a_payload_put_into_an_erased_row_is_found(chain: Session) -> None:
    tamper(chain, lambda row: setattr(row, "salt", None))
    fault = verify(chain)
    assert fault is not None
    assert fault.why == "has a payload without its salt"


def test_a_row_that_is_gone_is_found(chain: Session) -> None:
    with writing():
        chain.execute(text("DELETE FROM audit_row WHERE id = 3"))
    fault = verify(chain)
    assert fault is not None
    assert (fault.row, fault.why) == (3, "is missing")


def test_a_row_that_was_slipped_in_is_found(chain: Session) -> None:
    with writing():
        last = chain.get(AuditRow, 5)
        assert last is not None
        chain.add(
            AuditRow(
                id=6, at=last.at, actor="x", action="x", subject="x", salt=None, payload=None,
                digest=last.digest, hash="2" * 64,
            )
        )  # fmt: skip
    fault = verify(chain)
    assert fault is not None
    assert fault.row == 6


def test_erasing_what_names_a_person_leaves_the_chain_whole(session: Session) -> None:
    for number in range(1, 4):
        record(number, name="Ada Person")
    with writing():
        row = session.get(AuditRow, 2)
        assert row is not None
        row.salt = row.payload = None
    assert verify(session) is None
    kept = session.execute(text("SELECT payload, salt FROM audit_row WHERE id = 2")).one()
    assert "Ada" not in str(kept)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET actor = 'x' WHERE id = 1",
        "UPDATE audit_row SET payload = '{}' WHERE id = 1",
        "DELETE FROM audit_row",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_rows(
    session: Session, statement: str
) -> None:
    record(1, note="kept")
    with pytest.raises(DatabaseError, match="never"), writing():
        session.execute(text(statement))
    assert verify(session) is None


def test_a_change_that_is_rolled_back_leaves_no_row(session: Session) -> None:
    def fail() -> None:
        with writing() as changing:
            changing.add(Region(code="XX", names={}))
            record(1)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    record(2)
    assert session.get(Region, "XX") is None
    assert session.scalars(select(AuditRow.subject)).all() == ["test:2"]


def test_a_change_and_its_row_are_there_together_or_not_at_all(session: Session) -> None:
    with writing() as changing:
        changing.add(Region(code="XX", names={}))
        record(1)
        assert rows_in(changing) == 0
    assert rows(session) == 1


def rows_in(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def test_several_threads_write_one_chain(app: Flask, session: Session) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def work(thread: int) -> None:
        try:
            with app.app_context():
                start.wait(timeout=20)
                for step in range(10):
                    record(thread * 100 + step, thread=thread)
                db.session.remove()
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert rows(session) == 40
    assert verify(session) is None


def test_the_command_is_content_with_a_whole_chain(session: Session, flask: Command) -> None:
    record(1)
    result = flask("audit", "verify")
    assert result.exit_code == 0
    assert "1 rows, all in order" in result.output


def test_the_command_names_the_first_bad_row(chain: Session, flask: Command) -> None:
    tamper(chain, lambda row: setattr(row, "actor", "x"), number=2)
    tamper(chain, lambda row: setattr(row, "actor", "x"), number=4)
    result = flask("audit", "verify")
    assert result.exit_code == 1
    assert "row 2" in result.output


def test_what_is_recorded_is_hashed_but_not_in_the_hash_to_read(session: Session) -> None:
    record(1, name="Ada Person")
    row = session.get(AuditRow, 1)
    assert row is not None
    assert row.digest == audit.digest_of(row.salt or "", {"name": "Ada Person"})
    assert row.digest != audit.digest_of("", {"name": "Ada Person"})
