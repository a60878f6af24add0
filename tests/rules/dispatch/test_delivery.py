"""Receipts in any order, and what each error code calls for."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.rules import lifecycle, terms
from dispatch.rules.delivery import (
    UNREACHABLE,
    UNSUBSCRIBED,
    Consequence,
    consequence,
    later,
    status_of,
)

STATES = (*terms.ATTEMPT_STATES, terms.DROPPED)
HEARD = [terms.SENT, terms.DELIVERED, terms.FAILED]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (terms.SENDING, terms.SENT, terms.SENT),
        (terms.SENDING, terms.UNKNOWN, terms.UNKNOWN),
        (terms.SENDING, terms.DELIVERED, terms.DELIVERED),  # the receipt overtook the answer
        (terms.DELIVERED, terms.SENT, terms.DELIVERED),
        (terms.SENT, terms.UNKNOWN, terms.SENT),
        (terms.UNKNOWN, terms.SENT, terms.SENT),
        (terms.UNKNOWN, terms.DELIVERED, terms.DELIVERED),
        (terms.UNKNOWN, terms.FAILED, terms.FAILED),
        (terms.SENT, terms.FAILED, terms.FAILED),
        (terms.DELIVERED, terms.FAILED, terms.DELIVERED),
        (terms.FAILED, terms.DELIVERED, terms.FAILED),
        (terms.DROPPED, terms.DELIVERED, terms.DROPPED),
        (terms.QUEUED, terms.DELIVERED, terms.QUEUED),
        (terms.SENT, "gone", terms.SENT),
        (terms.SENT, terms.QUEUED, terms.SENT),
    ],
)
def test_a_status_never_goes_backwards(old: str, new: str, expected: str) -> None:
    assert later(old, new) == expected


def test_every_step_forward_is_a_move_that_the_table_allows() -> None:
    for old in STATES:
        for new in (*STATES, "anything"):
            if (reached := later(old, new)) != old:
                lifecycle.check(lifecycle.ATTEMPT, old, reached)


@given(st.lists(st.sampled_from(STATES), max_size=8))
def test_hearing_everything_twice_changes_nothing(news: list[str]) -> None:
    status = terms.SENDING
    for new in news:
        status = later(status, new)
        assert later(status, new) == status


@pytest.mark.parametrize("final", [terms.DELIVERED, terms.FAILED])
def test_the_order_of_receipts_does_not_matter(final: str) -> None:
    for news in permutations(["queued", "sending", "sent", final]):
        status = terms.SENDING
        for word in news:
            status = later(status, status_of(word) or status)
        assert status == final


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", terms.SENT),
        ("Sent", terms.SENT),
        ("delivered", terms.DELIVERED),
        ("undelivered", terms.FAILED),
        ("failed", terms.FAILED),
        ("completed", terms.DELIVERED),
        ("no-answer", terms.FAILED),
        ("busy", terms.FAILED),
        ("received", None),
        ("", None),
    ],
)
def test_the_providers_words_become_ours(word: str, status: str | None) -> None:
    assert status_of(word) == status


# From DISPATCH "Sending", to the letter.
TABLE = {
    Consequence.NEXT_CHANNEL: (21211, 21610, 21614, 21635, 30005, 30006),
    Consequence.NEXT_CHANNEL_AND_TELL: (21408, 30034, 30450, 30007),
    Consequence.RETRY_ONCE: (30001, 30003, 30008),
    Consequence.STOP_SENDING: (20003, 20403, 30002, 10001),
    Consequence.BACK_OFF: (20429,),
    Consequence.IGNORE: (30036,),
}


@pytest.mark.parametrize(("expected", "codes"), TABLE.items())
def test_each_error_code_has_its_consequence(expected: Consequence, codes: tuple[int, ...]) -> None:
    assert {consequence(code) for code in codes} == {expected}


@pytest.mark.parametrize("code", [None, 0, 99999, 30004])
def test_any_other_failure_moves_on_at_once(code: int | None) -> None:
    assert consequence(code) is Consequence.NEXT_CHANNEL


def test_an_opt_out_at_the_carrier_is_not_a_dead_number() -> None:
    assert UNSUBSCRIBED not in UNREACHABLE
    assert {consequence(code) for code in UNREACHABLE} == {Consequence.NEXT_CHANNEL}
