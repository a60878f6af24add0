"""Write transactions and times: what both databases must do alike."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from core.accounts.models import Throttle
from core.db import db, public_id, writing
from core.reference.models import Region

NOON = datetime(2027, 1, 15, 12, 0, 0, 123456, tzinfo=UTC)


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.sum(Throttle.count))) or 0


def test_times_come_back_aware_and_in_utc(session: Session) -> None:
    tehran = timezone(timedelta(hours=3, minutes=30))
    with writing() as changing:
        changing.add(Throttle(key="a", window=NOON.astimezone(tehran), count=1))
    session.expire_all()
    kept = session.scalars(select(Throttle.window)).one()
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


def test_times_compare_in_the_database_whatever_the_zone_of_the_question(session: Session) -> None:
    with writing() as changing:
        changing.add(Throttle(key="a", window=NOON, count=1))
    auckland = timezone(timedelta(hours=13))
    for moved, expected in ((-1, 1), (1, 0)):
        since = (NOON + timedelta(seconds=moved)).astimezone(auckland)
        found = session.scalars(select(Throttle).where(Throttle.window >= since)).all()
        assert len(found) == expected


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="naive"), writing() as changing:
        changing.add(Throttle(key="a", window=datetime(2027, 1, 15, 12), count=1))  # noqa: DTZ001


def test_writing_commits_at_its_end(session: Session) -> None:
    with writing() as changing:
        changing.add(Region(code="XX", names={}))
    session.rollback()
    assert session.get(Region, "XX")


def test_writing_keeps_nothing_after_an_exception(session: Session) -> None:
    def interrupted() -> None:
        with writing() as changing:
            changing.add(Region(code="XX", names={}))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert session.get(Region, "XX") is None


def test_an_inner_writing_is_part_of_the_outer_one(session: Session) -> None:
    def fail_outside() -> None:
        with writing():
            with writing() as inner:
                inner.add(Region(code="XX", names={}))
            raise LookupError

    with pytest.raises(LookupError):
        fail_outside()
    assert session.get(Region, "XX") is None


def test_what_was_loaded_before_is_loaded_anew_inside(session: Session, app: Flask) -> None:
    with writing() as changing:
        changing.add(Throttle(key="a", window=NOON, count=1))
    row = session.scalars(select(Throttle)).one()
    assert row.count == 1
    with db.engine.begin() as elsewhere:
        elsewhere.execute(text("UPDATE throttle SET count = 7"))
    with writing():
        assert row.count == 7


def test_changes_made_outside_are_not_smuggled_in(session: Session) -> None:
    session.add(Region(code="XX", names={}))
    with pytest.raises(RuntimeError, match="outside of writing"), writing():
        pass
    session.rollback()


def test_competing_writers_lose_no_update(app: Flask, session: Session) -> None:
    """Each reads, thinks, and writes what it read plus one: a deferred transaction of SQLite would
    fail half-way, and without the row lock PostgreSQL would lose updates."""
    with writing() as changing:
        changing.add(Throttle(key="a", window=NOON, count=0))
    faults: list[BaseException] = []
    start = threading.Barrier(3)

    def work() -> None:
        try:
            with app.app_context():
                start.wait(timeout=20)
                for _step in range(20):
                    with writing() as changing:
                        row = changing.scalars(select(Throttle).with_for_update()).one()
                        row.count += 1
                db.session.remove()
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert count(session) == 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_of_sqlite_has_the_lock_from_its_first_word(app: Flask, session: Session) -> None:
    got_in = threading.Event()

    def other() -> None:
        with app.app_context(), writing() as second:
            second.execute(text("SELECT 1"))
            got_in.set()

    thread = threading.Thread(target=other)
    with writing() as first:
        first.execute(text("SELECT 1"))
        thread.start()
        assert not got_in.wait(timeout=0.3)
    assert got_in.wait(timeout=10)
    thread.join(timeout=10)


def test_readers_are_not_held_up_by_a_writer(app: Flask, session: Session) -> None:
    read: list[int] = []

    def reader() -> None:
        with app.app_context():
            read.append(db.session.scalar(select(func.count()).select_from(Region)) or 0)

    with writing() as changing:
        changing.add(Region(code="XX", names={}))
        changing.flush()
        thread = threading.Thread(target=reader)
        thread.start()
        thread.join(timeout=10)
    assert read == [5]


def test_references_to_nothing_are_refused(session: Session) -> None:
    with pytest.raises(IntegrityError), writing() as changing:
        changing.execute(text("INSERT INTO user_role (user_id, role_id) VALUES (9999, 1)"))


def test_public_ids_are_128_bits_in_letters_and_digits() -> None:
    ids = {public_id() for _number in range(1000)}
    assert len(ids) == 1000
    assert all(len(it) == 26 and it.isalnum() and it == it.lower() for it in ids)
