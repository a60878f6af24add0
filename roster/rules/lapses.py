"""When a part of the roster will first be without anybody: dates only, no person is known here."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from roster.rules.terms import Away

Span = tuple[datetime, datetime]  # UTC, end excluded


def presence(start: datetime, end: datetime, away: Iterable[Away]) -> list[Span]:
    """The spans between `start` and `end` in which none of `away` holds."""
    spans: list[Span] = []
    reached = start
    for absence in sorted(away, key=lambda one: one.start):
        if absence.start > reached:
            spans.append((reached, min(absence.start, end)))
        if absence.end is None:
            return [span for span in spans if span[0] < span[1]]
        reached = max(reached, absence.end)
    return [span for span in (*spans, (reached, end)) if span[0] < span[1]]


def first_lapse(spans: Iterable[Span], start: datetime, end: datetime) -> datetime | None:
    """The first moment from `start` on, before `end`, that is in none of `spans`; None: no such."""
    reached = start
    for begins, ends in sorted(spans):
        if begins > reached:
            break
        reached = max(reached, ends)
    return reached if reached < end else None


def present(spans: Sequence[Span], now: datetime) -> bool:
    """Whether one of `spans` holds at `now`."""
    return any(begins <= now < ends for begins, ends in spans)
