"""Random histories of one request: whatever happens, the ladder keeps its promises."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.rules import terms
from dispatch.rules.escalation import CHOSEN_WAVE
from dispatch.rules.policy import Policy
from tests.rules.dispatch.ladder import START, Ladder, a_case

SECONDS = st.none() | st.integers(0, 2000)
POLICIES = st.builds(
    Policy,
    reply_window_s=st.integers(1, 1000),
    waves=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    duty_told_s=SECONDS,
    specialist_told_s=SECONDS,
)
EVENTS = st.sampled_from(
    [
        "tick", "tick", "wait", "accept", "accept", "decline", "fail", "withdraw", "choose",
        "pause", "resume", "confirm", "extend", "reduce", "drop_out", "roster", "cancel", "close",
    ]
)  # fmt: skip
HISTORIES = st.lists(st.tuples(EVENTS, st.integers(0, 700)), max_size=25)
ENDINGS = {"decline": terms.DECLINED, "fail": terms.UNDELIVERABLE, "withdraw": terms.WITHDRAWN}
MOVES = {
    "pause": ((terms.SEARCHING,), terms.PAUSED),
    "resume": ((terms.PAUSED,), terms.SEARCHING),
    "close": ((terms.ASSIGNED,), terms.CLOSED),
    "cancel": ((terms.AWAITING, terms.SEARCHING, terms.PAUSED, terms.UNFILLED), terms.CANCELLED),
}


def happen(ladder: Ladder, event: str, number: int) -> None:
    """One thing that people, phones or the roster do; what cannot happen now is skipped."""
    case, open_ids = ladder.case, ladder.open_ids()
    now = START + timedelta(seconds=number)
    if event in MOVES and case.status in MOVES[event][0]:
        ladder.move(MOVES[event][1])
    elif event == "confirm" and case.status == terms.AWAITING:
        ladder.case = replace(case, status=terms.SEARCHING, search_started_at=now)
    elif event in ENDINGS and open_ids:
        ladder.end(open_ids[number % len(open_ids)], ENDINGS[event])
    elif event == "accept" and open_ids and case.open_slots:
        ladder.end(open_ids[number % len(open_ids)], terms.ACCEPTED)
    elif event == "choose" and case.status in (terms.SEARCHING, terms.UNFILLED):
        ladder.choose(now)
    elif event == "extend":
        ladder.case = replace(case, slots=case.slots + 1)
    elif event == "reduce" and case.slots > max(1, case.filled):
        ladder.case = replace(case, slots=case.slots - 1)
    elif event == "drop_out" and case.filled and case.status != terms.CLOSED:
        ladder.case = replace(case, filled=case.filled - 1)
    elif event == "roster":
        ladder.available = number % 6


def assert_consistent(ladder: Ladder) -> None:
    case, open_ids = ladder.case, ladder.open_ids()
    assert case.filled <= case.slots
    if case.status in (terms.SEARCHING, terms.UNFILLED, terms.ASSIGNED):
        assert (case.status == terms.ASSIGNED) == (case.open_slots == 0)
        assert (case.status == terms.SEARCHING) == bool(open_ids)
    if case.status in (terms.ASSIGNED, terms.CLOSED, terms.CANCELLED, terms.AWAITING):
        assert not open_ids
        assert ladder.wake_at is None
    if case.status == terms.UNFILLED:
        assert "tell_unfilled" in case.steps
    open_waves = {o.wave for o in case.offers if o.status == terms.OPEN} - {CHOSEN_WAVE}
    assert len(open_waves) <= 1, "two waves at once"
    if open_ids:
        deadlines = [o.deadline for o in case.offers if o.status == terms.OPEN]
        assert ladder.wake_at is not None
        assert ladder.wake_at <= min(deadlines)
    assert len(ladder.told) == len(set(ladder.told))


@pytest.mark.parametrize("examples", [400, pytest.param(100_000, marks=pytest.mark.long)])
def test_whatever_happens_the_ladder_keeps_its_promises(examples: int) -> None:
    @settings(max_examples=examples, database=None)
    @given(policy=POLICIES, slots=st.integers(1, 3), supply=st.integers(0, 12), history=HISTORIES,
           confirmed=st.booleans())  # fmt: skip
    def holds(
        policy: Policy, slots: int, supply: int, history: list[tuple[str, int]], confirmed: bool
    ) -> None:
        case = a_case(terms.SEARCHING if confirmed else terms.AWAITING, slots=slots)
        live(Ladder(policy, case, available=supply), history)

    holds()


def live(ladder: Ladder, history: list[tuple[str, int]]) -> None:
    """Lets `history` happen, and looks after each event whether a promise is broken."""
    now = START
    for event, number in [("tick", 0), *history]:
        if event in ("tick", "wait") and ladder.wake_at is not None:
            now = max(now, ladder.wake_at + timedelta(seconds=number * (event == "wait")))
        happen(ladder, event, int((now - START).total_seconds()))
        size = Counter(ladder.waves())
        decision = ladder.advance(now)
        assert_consistent(ladder)
        if decision.made:
            wave = decision.plan.wave
            assert not size[wave], "a wave was added to"
            assert decision.made <= ladder.policy.wave_size(wave) * ladder.case.open_slots
        again = ladder.look(now)
        assert again.changes_nothing, "the second run changed something"
        assert again.outcome.wake_at == ladder.wake_at
        if ladder.wake_at is not None:
            early = ladder.look(ladder.wake_at - timedelta(microseconds=1))
            assert early.changes_nothing, "woken too late"


@given(policy=POLICIES, slots=st.integers(1, 3), supply=st.integers(0, 30))
@settings(max_examples=200)
def test_silence_asks_everybody_in_the_sizes_of_the_policy_and_ends_unfilled(
    policy: Policy, slots: int, supply: int
) -> None:
    ladder = Ladder(policy, a_case(slots=slots), available=supply)
    ladder.advance(START)
    while ladder.case.status == terms.SEARCHING and ladder.wake_at is not None:
        ladder.advance(ladder.wake_at)
    assert ladder.case.status == terms.UNFILLED
    assert len(ladder.case.offers) == supply
    sizes = Counter(ladder.waves())
    for wave in sorted(sizes)[:-1]:
        assert sizes[wave] == policy.wave_size(wave) * slots
