"""Which state may follow which, and who is the same person."""

from datetime import date
from itertools import product

import pytest

from roster.rules import terms
from roster.rules.vetting import MOVES, Person, default_validity, may_follow, same_person


def test_every_state_has_its_moves_and_nothing_leads_out_of_removed() -> None:
    assert set(MOVES) == set(terms.STATUSES)
    assert not MOVES[terms.REMOVED]
    assert not any(may_follow(terms.REMOVED, new) for new in terms.STATUSES)


@pytest.mark.parametrize(("before", "new"), list(product(terms.STATUSES, repeat=2)))
def test_a_suspension_ends_only_where_it_began_or_in_removal(before: str, new: str) -> None:
    allowed = may_follow(terms.SUSPENDED, new, before)
    assert allowed == (new in {before, terms.REMOVED})


def test_nobody_becomes_an_applicant_again_but_by_the_end_of_a_suspension() -> None:
    assert not any(may_follow(old, terms.APPLICANT) for old in set(MOVES) - {terms.SUSPENDED})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Person(1, "a@x.org"), Person(2, "b@x.org"), False),
        (Person(1, "a@x.org"), Person(1, "b@x.org"), True),
        (Person(None, "a@x.org"), Person(None, "b@x.org"), False),
        (Person(1, " A@X.org "), Person(2, "a@x.ORG"), True),
        (Person(1, "ａ@x.org"), Person(2, "a@x.org"), True),
        (Person(1, "a@x.org", "+12025550100"), Person(2, "b@x.org", "+12025550100"), True),
        (Person(1, "a@x.org", ""), Person(2, "b@x.org", ""), False),
    ],
)
def test_an_account_an_address_or_a_phone_makes_two_people_one(
    one: Person, other: Person, same: bool
) -> None:
    assert same_person(one, other) == same_person(other, one) == same


@pytest.mark.parametrize(
    ("today", "last_day"),
    [
        (date(2026, 11, 22), date(2029, 11, 22)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_validity_is_36_months_unless_decided_otherwise(today: date, last_day: date) -> None:
    assert default_validity(today) == last_day
