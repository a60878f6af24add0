"""The tables of allowed moves against the page that they were written from."""

import pytest

from dispatch.rules import lifecycle, terms
from dispatch.rules.lifecycle import ATTEMPT, MISSION, OFFER, REQUEST, Machine, check

# From DISPATCH "States", line by line: old -> new.
REQUEST_MOVES = """
awaiting_confirmation searching, searching assigned, assigned closed, searching unfilled,
unfilled searching, assigned searching, searching paused, paused searching,
awaiting_confirmation cancelled, searching cancelled, paused cancelled, unfilled cancelled,
assigned cancelled
"""
OFFER_MOVES = """
open accepted, open declined, open expired, open undeliverable, open withdrawn
"""
ATTEMPT_MOVES = """
queued sending, queued dropped, sending sent, sending delivered, sending failed, sending unknown,
sending queued, sending dropped, sent delivered, sent failed, unknown sent, unknown delivered,
unknown failed
"""
MISSION_MOVES = """
accepted started, started done, done reviewed, accepted withdrawn, started withdrawn
"""
MACHINES = [
    (REQUEST, REQUEST_MOVES, terms.REQUEST_STATES),
    (OFFER, OFFER_MOVES, terms.OFFER_STATES),
    (ATTEMPT, ATTEMPT_MOVES, (*terms.ATTEMPT_STATES, terms.DROPPED)),
    (MISSION, MISSION_MOVES, terms.MISSION_STATES),
]


@pytest.mark.parametrize(("machine", "moves", "states"), MACHINES)
def test_exactly_the_moves_of_the_page_are_allowed(
    machine: Machine, moves: str, states: tuple[str, ...]
) -> None:
    wanted = {tuple(move.split()) for move in moves.split(",")}
    assert {(old, new) for old, following in machine.items() for new in following} == wanted
    assert set(machine) == set(states)


@pytest.mark.parametrize(("machine", "moves", "states"), MACHINES)
def test_every_other_move_is_refused_by_name(
    machine: Machine, moves: str, states: tuple[str, ...]
) -> None:
    wanted = {tuple(move.split()) for move in moves.split(",")}
    for old in states:
        for new in states:
            if (old, new) in wanted:
                check(machine, old, new)
                continue
            with pytest.raises(lifecycle.MoveNotAllowedError) as refused:
                check(machine, old, new)
            assert (refused.value.old, refused.value.new) == (old, new)


def test_an_ended_offer_never_comes_back() -> None:
    ended = [state for state in terms.OFFER_STATES if state != terms.OPEN]
    assert all(lifecycle.is_final(OFFER, state) for state in ended)


def test_a_request_that_ended_stays_ended() -> None:
    final = {state for state in terms.REQUEST_STATES if lifecycle.is_final(REQUEST, state)}
    assert final == {terms.CLOSED, terms.CANCELLED}


def test_an_unfilled_request_is_never_the_end() -> None:
    assert terms.SEARCHING in REQUEST[terms.UNFILLED]
    assert terms.CLOSED not in REQUEST[terms.UNFILLED]


def test_an_unknown_state_allows_nothing() -> None:
    with pytest.raises(lifecycle.MoveNotAllowedError):
        check(REQUEST, "lost", terms.SEARCHING)
