"""The ladder, rung by rung: who is asked when, what ends, who is told, when to look again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.rules import terms
from dispatch.rules.escalation import (
    CALL_BACK,
    TELL_DUTY,
    TELL_SPECIALIST,
    TELL_UNFILLED,
    deadline_of,
    is_late,
)
from tests.rules.dispatch.ladder import START, WINDOW, Ladder, a_case, a_policy, later

QUIET = a_policy(duty_told_s=None, specialist_told_s=None)


def test_one_expert_is_asked_at_once() -> None:
    ladder = Ladder(QUIET, a_case())
    ladder.advance(START)
    assert ladder.waves() == [1]
    assert ladder.case.status == terms.SEARCHING
    assert ladder.wake_at == later(WINDOW)


def test_silence_climbs_one_then_one_then_three_then_three() -> None:
    ladder = Ladder(QUIET, a_case())
    for window in range(4):
        ladder.advance(later(window * WINDOW))
    assert ladder.waves() == [1, 2, 3, 3, 3, 4, 4, 4]
    assert len(ladder.open_ids()) == 3


def test_nothing_happens_a_moment_before_the_deadline() -> None:
    ladder = Ladder(QUIET, a_case())
    ladder.advance(START)
    assert ladder.look(later(WINDOW) - timedelta(microseconds=1)).changes_nothing
    assert ladder.look(later(WINDOW)).plan.expire == (1,)


@pytest.mark.parametrize("end", [terms.DECLINED, terms.UNDELIVERABLE, terms.WITHDRAWN])
def test_nobody_waits_out_a_window_for_an_offer_that_ended(end: str) -> None:
    ladder = Ladder(QUIET, a_case())
    ladder.advance(START)
    ladder.end(1, end)
    ladder.advance(later(5))
    assert ladder.waves() == [1, 2]
    assert ladder.wake_at == later(5 + WINDOW)


def test_a_wave_ends_only_when_all_of_its_offers_have_ended() -> None:
    ladder = Ladder(a_policy(waves=(3,), duty_told_s=None), a_case())
    ladder.advance(START)
    for offer_id in (1, 2):
        ladder.end(offer_id, terms.DECLINED)
        assert ladder.advance(later(offer_id)).changes_nothing
    ladder.end(3, terms.DECLINED)
    ladder.advance(later(3))
    assert ladder.waves() == [1, 1, 1, 2, 2, 2]


def test_an_acceptance_of_the_last_slot_assigns_and_withdraws_the_rest() -> None:
    ladder = Ladder(a_policy(waves=(3,)), a_case())
    ladder.advance(START)
    ladder.end(2, terms.ACCEPTED)
    decision = ladder.advance(later(9))
    assert decision.plan.withdraw == (1, 3)
    assert ladder.case.status == terms.ASSIGNED
    assert ladder.wake_at is None


def test_a_request_is_not_assigned_before_all_its_slots_are_filled() -> None:
    ladder = Ladder(QUIET, a_case(slots=2))
    ladder.advance(START)
    assert ladder.waves() == [1, 1]
    ladder.end(1, terms.ACCEPTED)
    assert ladder.advance(later(1)).changes_nothing
    assert ladder.case.status == terms.SEARCHING
    ladder.end(2, terms.DECLINED)
    ladder.advance(later(2))
    assert ladder.waves() == [1, 1, 2]  # one slot is open: one is asked
    ladder.end(3, terms.ACCEPTED)
    ladder.advance(later(3))
    assert ladder.case.status == terms.ASSIGNED


def test_a_wave_counts_per_open_slot() -> None:
    ladder = Ladder(a_policy(waves=(2,)), a_case(slots=3, filled=1))
    assert ladder.advance(START).plan.wanted == 4


def test_when_nobody_is_left_the_request_is_unfilled_and_duty_officers_are_told_once() -> None:
    ladder = Ladder(QUIET, a_case(), available=1)
    ladder.advance(START)
    ladder.end(1, terms.DECLINED)
    ladder.advance(later(1))
    assert ladder.case.status == terms.UNFILLED
    assert ladder.told == [TELL_UNFILLED]
    assert ladder.advance(later(2)).changes_nothing


def test_an_open_offer_keeps_the_request_searching_when_nobody_else_is_left() -> None:
    ladder = Ladder(a_policy(waves=(3,)), a_case(), available=2)
    ladder.advance(START)
    assert len(ladder.open_ids()) == 2
    ladder.end(1, terms.DECLINED)
    ladder.advance(later(1))
    assert ladder.case.status == terms.SEARCHING


def test_an_unfilled_request_searches_again_when_somebody_appears() -> None:
    ladder = Ladder(QUIET, a_case(), available=0)
    ladder.advance(START)
    assert ladder.case.status == terms.UNFILLED
    ladder.available = 1
    ladder.advance(later(50))
    assert ladder.case.status == terms.SEARCHING
    assert ladder.waves() == [1]
    ladder.end(1, terms.ACCEPTED)
    ladder.advance(later(60))
    assert ladder.case.status == terms.ASSIGNED


def test_an_unfilled_request_wakes_when_the_next_expert_does() -> None:
    ladder = Ladder(QUIET, a_case(), available=0)
    ladder.next_available = later(30_000)
    ladder.advance(START)
    assert ladder.wake_at == later(30_000)


def test_a_full_wave_waits_for_its_deadline_and_not_for_the_next_to_wake() -> None:
    ladder = Ladder(QUIET, a_case(), available=1)
    ladder.next_available = later(60)
    ladder.advance(START)
    assert ladder.wake_at == later(WINDOW)


def test_an_unfilled_request_whose_last_slot_is_given_up_is_assigned_by_allowed_moves() -> None:
    ladder = Ladder(QUIET, a_case(terms.UNFILLED, slots=2, filled=1))
    ladder.case = replace(ladder.case, slots=1)
    assert ladder.advance(START).outcome.moves == (terms.SEARCHING, terms.ASSIGNED)


def test_an_expert_who_drops_out_reopens_the_search() -> None:
    ladder = Ladder(QUIET, a_case())
    ladder.advance(START)
    ladder.end(1, terms.ACCEPTED)
    ladder.advance(later(1))
    ladder.case = replace(ladder.case, filled=0, search_started_at=later(9000))
    ladder.advance(later(9000))
    assert ladder.case.status == terms.SEARCHING
    assert ladder.waves() == [1, 2]


def test_a_drop_out_with_nobody_left_goes_through_searching_to_unfilled() -> None:
    ladder = Ladder(QUIET, a_case(terms.ASSIGNED), available=0)
    assert ladder.advance(START).outcome.moves == (terms.SEARCHING, terms.UNFILLED)


def test_extending_an_assigned_request_asks_for_the_new_slot_only() -> None:
    ladder = Ladder(QUIET, a_case(terms.ASSIGNED, slots=2, filled=1))
    decision = ladder.advance(START)
    assert decision.plan.wanted == 1
    assert ladder.case.status == terms.SEARCHING


@pytest.mark.parametrize("status", [terms.CANCELLED, terms.CLOSED])
def test_an_ended_request_takes_its_open_offers_back_and_makes_no_more(status: str) -> None:
    ladder = Ladder(a_policy(waves=(2,)), a_case())
    ladder.advance(START)
    ladder.case = replace(ladder.case, status=status)
    decision = ladder.advance(later(5))
    assert decision.plan.withdraw == (1, 2)
    assert decision.plan.wanted == 0
    assert ladder.wake_at is None
    assert ladder.told == [TELL_DUTY]


def test_a_request_without_proof_offers_nothing_and_rings_once() -> None:
    ladder = Ladder(a_policy(), a_case(terms.AWAITING))
    ladder.advance(START)
    ladder.advance(later(5000))
    assert ladder.waves() == []
    assert ladder.told == [CALL_BACK]
    assert ladder.wake_at is None


def test_a_confirmed_request_does_not_ring_again_for_the_telling_at_filing() -> None:
    ladder = Ladder(a_policy(), a_case(terms.AWAITING))
    ladder.advance(START)
    ladder.case = replace(ladder.case, status=terms.SEARCHING, search_started_at=later(30))
    ladder.advance(later(30))
    assert ladder.told == [CALL_BACK]
    later_policy = Ladder(a_policy(duty_told_s=1800), ladder.case)
    later_policy.advance(later(30 + 1800))
    assert later_policy.told == [TELL_DUTY]


def test_a_paused_request_asks_nobody_and_tells_nobody_but_its_offers_run_on() -> None:
    ladder = Ladder(a_policy(specialist_told_s=100), a_case())
    ladder.advance(START)
    ladder.move(terms.PAUSED)
    ladder.advance(later(200))
    assert ladder.told == [TELL_DUTY]
    assert ladder.wake_at == later(WINDOW)
    ladder.advance(later(WINDOW))
    assert ladder.open_ids() == []
    assert ladder.case.status == terms.PAUSED
    assert ladder.wake_at is None
    ladder.move(terms.SEARCHING)
    ladder.advance(later(5000))
    assert ladder.waves() == [1, 2]
    assert ladder.told == [TELL_DUTY, TELL_SPECIALIST]


def test_a_yes_during_a_pause_counts_and_is_assigned_on_resuming() -> None:
    ladder = Ladder(a_policy(waves=(2,)), a_case())
    ladder.advance(START)
    ladder.move(terms.PAUSED)
    ladder.end(1, terms.ACCEPTED)
    assert ladder.advance(later(1)).plan.withdraw == (2,)
    assert ladder.case.status == terms.PAUSED
    ladder.move(terms.SEARCHING)
    ladder.advance(later(2))
    assert ladder.case.status == terms.ASSIGNED


def test_duty_officers_and_the_specialist_are_told_when_their_time_comes() -> None:
    policy = a_policy(reply_window_s=86_400, duty_told_s=1800, specialist_told_s=7200)
    ladder = Ladder(policy, a_case())
    ladder.advance(START)
    assert ladder.told == []
    assert ladder.wake_at == later(1800)
    assert ladder.advance(later(1799)).changes_nothing
    ladder.advance(later(1800))
    assert ladder.told == [TELL_DUTY]
    assert ladder.wake_at == later(7200)
    ladder.advance(later(7200))
    assert ladder.told == [TELL_DUTY, TELL_SPECIALIST]
    assert ladder.wake_at == later(86_400)


def test_nobody_is_told_once_all_slots_are_filled() -> None:
    ladder = Ladder(a_policy(duty_told_s=1800), a_case())
    ladder.advance(START)
    ladder.end(1, terms.ACCEPTED)
    ladder.advance(later(5))
    ladder.advance(later(99_999))
    assert ladder.told == []


def test_an_offer_chosen_by_a_duty_officer_is_outside_the_ladder() -> None:
    ladder = Ladder(QUIET, a_case(), available=0)
    ladder.advance(START)
    ladder.choose(later(1))
    ladder.advance(later(1))
    assert ladder.case.status == terms.SEARCHING
    ladder.available = 5
    ladder.advance(later(2))
    assert ladder.waves() == [0, 1]  # the ladder did not wait for it, and starts at its foot
    ladder.end(1, terms.ACCEPTED)
    assert ladder.advance(later(3)).plan.withdraw == (2,)
    assert ladder.case.status == terms.ASSIGNED


def test_an_offer_keeps_its_deadline_when_the_policy_is_edited() -> None:
    ladder = Ladder(QUIET, a_case())
    ladder.advance(START)
    ladder.policy = a_policy(reply_window_s=60, duty_told_s=None, specialist_told_s=None)
    assert ladder.advance(later(60)).changes_nothing
    ladder.advance(later(WINDOW))
    assert ladder.wake_at == later(WINDOW + 60)


def test_a_deadline_starts_at_the_first_hand_over() -> None:
    assert deadline_of(START, None, 600) == later(600)
    assert deadline_of(START, later(40), 600) == later(640)


def test_an_answer_at_the_deadline_is_late() -> None:
    assert is_late(later(600), later(600))
    assert not is_late(later(600) - timedelta(microseconds=1), later(600))
