"""The threads that wait for the provider: every claim has a result, and an old one is not begun."""

import time
from datetime import UTC, datetime

import pytest

from dispatch.channels.handover import Lost, NotReached, Outgoing, Result, Taken
from dispatch.outbox.line import LATEST_S, Line, Moment

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def outgoing(number: int) -> Outgoing:
    return Outgoing(number, "a" * 26, None, "sms", "+41225550100", "hello", NOW, 1)


def sid(number: int) -> str:
    return f"SM{number:032x}"


def call(claimed: Outgoing) -> Result:
    if claimed.id == 13:
        raise ArithmeticError
    return Taken(sid(claimed.id))


@pytest.fixture
def line() -> Line:
    return Line(call, 4)


def all_results(line: Line) -> dict[int, Result]:
    found: dict[int, Result] = {}
    while line.busy:
        found |= {claimed.id: result for claimed, result in line.results(5.0)}
    line.close()
    return found


def test_every_call_has_a_result_and_room_comes_back(line: Line) -> None:
    for number in range(4):
        line.begin(outgoing(number), Moment())
    assert line.room == 0
    assert all_results(line) == {number: Taken(sid(number)) for number in range(4)}
    assert line.room == 4


def test_a_channel_that_breaks_leaves_its_outcome_open(line: Line) -> None:
    line.begin(outgoing(13), Moment())
    assert all_results(line) == {13: Lost("ArithmeticError")}


@pytest.mark.parametrize(
    "since",
    [
        Moment(time.time() - LATEST_S - 1, time.monotonic() + 3600),
        Moment(time.time() + 3600, time.monotonic() - LATEST_S - 1),
    ],
    ids=["the machine slept", "somebody set the clock back"],
)
def test_a_claim_that_has_become_old_is_not_sent(line: Line, since: Moment) -> None:
    """Somebody else may have looked after it meanwhile, and sent it."""
    line.begin(outgoing(1), since)
    assert all_results(line) == {1: NotReached("too late")}


def test_what_becomes_known_at_about_the_same_time_is_stored_together(line: Line) -> None:
    for number in range(2):
        line.begin(outgoing(number), Moment())
    assert {claimed.id for claimed, _ in line.results(5.0)} == {0, 1}
    assert not line.busy
    line.close()


def test_nothing_to_wait_for_is_not_waited_for(line: Line) -> None:
    began = time.monotonic()
    assert line.results(0) == []
    assert time.monotonic() - began < 1
