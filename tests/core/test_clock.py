"""The clock is the database's, aware, and stands still within one unit of work."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from tests.conftest import Clock


def test_it_is_the_present_in_utc(session: Session) -> None:
    present = clock.now(session)
    assert present.utcoffset() == timedelta(0)
    assert abs(present - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_machine_whose_own_clock_is_wrong_does_no_harm(session: Session) -> None:
    right = datetime.now(UTC)
    with time_machine.travel(datetime(2001, 9, 9, tzinfo=UTC)):
        assert abs(clock.now(session) - right) < timedelta(minutes=1)


def test_one_unit_of_work_has_one_present(session: Session) -> None:
    with writing() as changing:
        assert clock.now(changing) == clock.now(changing)


def test_a_unit_of_work_that_asked_nothing_else_has_one_present_too(session: Session) -> None:
    session.rollback()
    assert clock.now(session) == clock.now(session)


@pytest.mark.parametrize("end", [Session.commit, Session.rollback])
def test_the_next_unit_of_work_has_a_later_one(
    session: Session, end: Callable[[Session], None]
) -> None:
    first = clock.now(session)
    for _ in range(100_000):  # a clock may count coarsely, and a unit of work takes less
        end(session)
        if clock.now(session) > first:
            return
    raise AssertionError("time stands still")


def test_a_test_can_move_it(session: Session, app: Flask, clock: Clock) -> None:
    before = clock.now()
    assert clock.forward(days=2) - before >= timedelta(days=2)
