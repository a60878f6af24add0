"""What belongs to the commit survives a savepoint: audit rows, and the waking of workers."""

import contextlib

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, facts
from core.audit import AuditRow
from core.clock import now
from core.db import writing
from core.reference.models import Region
from core.wake import WAKE, wake


def _record(session: Session, action: str) -> None:
    audit.record(session, actor="system", action=action, subject="test:1", now=now(session))


def _actions(session: Session) -> list[str]:
    rows = select(AuditRow.action).where(AuditRow.subject == "test:1").order_by(AuditRow.id)
    return list(session.scalars(rows))


def test_audit_rows_from_before_a_failed_savepoint_are_kept_and_those_inside_are_not(
    session: Session,
) -> None:
    with writing():
        _record(session, "before")
        with contextlib.suppress(IntegrityError), session.begin_nested():
            _record(session, "inside")
            session.add_all([Region(code="XX", names={}), Region(code="XX", names={})])
            session.flush()
        _record(session, "after")
    assert _actions(session) == ["before", "after"]


def test_audit_rows_from_before_a_savepoint_that_we_left_ourselves_are_kept(
    session: Session,
) -> None:
    with writing():
        _record(session, "before")
        with contextlib.suppress(LookupError), session.begin_nested():
            _record(session, "inside")
            raise LookupError
    assert _actions(session) == ["before"]


def test_a_savepoint_that_is_kept_keeps_its_audit_rows_in_their_order(session: Session) -> None:
    with writing():
        _record(session, "before")
        with session.begin_nested():
            _record(session, "inside")
        _record(session, "after")
    assert _actions(session) == ["before", "inside", "after"]
    assert audit.verify(session) is None


def test_a_whole_rollback_leaves_no_audit_row_behind_for_the_next_transaction(
    session: Session,
) -> None:
    with contextlib.suppress(LookupError), writing():
        _record(session, "lost")
        raise LookupError
    with writing():
        _record(session, "kept")
    assert _actions(session) == ["kept"]


def test_work_left_before_a_savepoint_still_wakes_the_workers(session: Session) -> None:
    with writing():
        wake(session)
        with contextlib.suppress(IntegrityError), session.begin_nested():
            session.add_all([Region(code="XX", names={}), Region(code="XX", names={})])
            session.flush()
        with session.begin_nested():
            session.add(Region(code="YY", names={}))
        assert session.info.get(WAKE)


def test_what_is_noted_of_a_transaction_ends_with_it_and_with_its_savepoint(
    session: Session,
) -> None:
    with writing():
        facts.note(session, "before")
        with contextlib.suppress(LookupError), session.begin_nested():
            facts.note(session, "inside")
            raise LookupError
        with session.begin_nested():
            facts.note(session, "kept")
        known = [facts.is_noted(session, fact) for fact in ("before", "inside", "kept")]
    assert known == [True, False, True]
    assert not any(facts.is_noted(session, fact) for fact in ("before", "kept"))
