"""Which state of an expert may follow which, and when two people are one. Knows no account."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from roster.rules.terms import (
    APPLICANT,
    EXPIRED,
    LISTED,
    QUALIFIED,
    REMOVED,
    STATUSES,
    SUSPENDED,
    VALID_MONTHS,
)

OUT = {SUSPENDED, REMOVED}
# Out of `suspended` leads only the way back to where one was; out of `removed`, none but a new
# application, which is examined from the beginning (`registrar.apply`).
MOVES: Mapping[str, frozenset[str]] = {
    APPLICANT: frozenset({QUALIFIED, LISTED, *OUT}),
    QUALIFIED: frozenset({LISTED, EXPIRED, *OUT}),
    LISTED: frozenset({QUALIFIED, EXPIRED, *OUT}),
    EXPIRED: frozenset({QUALIFIED, LISTED, *OUT}),
    SUSPENDED: frozenset(set(STATUSES) - {SUSPENDED}),
    REMOVED: frozenset(),
}


@dataclass(frozen=True)
class Person:
    """What tells one person from another; `account` is the id of theirs, if any."""

    account: int | None
    email: str
    phone: str = ""


def may_follow(old: str, new: str, before: str = "") -> bool:
    """Whether an expert may go from `old` to `new`; `before` is the state before a suspension."""
    if old == SUSPENDED and new != REMOVED:
        return new == (before or APPLICANT)
    return new in MOVES[old]


def same_person(one: Person, other: Person) -> bool:
    """Whether the two share an account, an e-mail address in any spelling, or a phone."""
    return (
        (one.account is not None and one.account == other.account)
        or folded(one.email) == folded(other.email)
        or (bool(one.phone) and one.phone == other.phone)
    )


def folded(email: str) -> str:
    """`email` without what does not tell addresses apart: space around, case, width."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def default_validity(today: date) -> date:
    """The last valid day of somebody approved `today`, when nothing else was decided."""
    return months_after(today, VALID_MONTHS)


def months_after(start: date, months: int) -> date:
    """The same day of the month so many months later, or the last one that month has."""
    months += start.month - 1
    year, month = start.year + months // 12, months % 12 + 1
    day = start.day
    while True:  # 29 February has no counterpart in most years
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
