"""One month of somebody's calendar, day by day in their own time zone. Pure: draws nothing."""

import re
from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roster.rules.availability import DAY
from roster.rules.spans import Span
from roster.rules.terms import Away, Rhythm

# What a day is for whoever wants to ask: away all day or for a part of it, no hours on this
# weekday, some hours, or any time.
AWAY, PARTLY_AWAY, CLOSED, HOURS, FREE = "away", "partly", "closed", "hours", "free"
FIRST_YEAR, LAST_YEAR = 2000, 2100
ONE_DAY = timedelta(days=1)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Day:
    """One day: what it is, and the local hours (minutes, end excluded) in which one may ask.

    `inside` is false for the days of other months that fill the first and the last week.
    """

    date: date
    inside: bool
    state: str
    hours: tuple[Span, ...]
    busy: bool = False


def month_of(
    rhythm: Rhythm,
    year: int,
    month: int,
    first_weekday: int = 0,
    busy: Iterable[tuple[date, date]] = (),
) -> list[list[Day]]:
    """The weeks that touch this month, beginning on `first_weekday` (0 = Monday).

    `busy` are first and last days of missions.
    """
    missions = list(busy)
    weeks = Calendar(first_weekday).monthdatescalendar(year, month)
    return [[_day(rhythm, day, day.month == month, missions) for day in week] for week in weeks]


def read_month(text: str, today: date) -> tuple[int, int]:
    """Year and month of `2027-03`; those of `today` for anything else."""
    found = _MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
        return year, month
    return today.year, today.month


def next_month(year: int, month: int, step: int = 1) -> str:
    """The month `step` later (earlier when negative), as `read_month` reads it."""
    months = year * 12 + month - 1 + step
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _day(rhythm: Rhythm, day: date, inside: bool, busy: Iterable[tuple[date, date]]) -> Day:
    zone = ZoneInfo(rhythm.time_zone)
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + ONE_DAY, time(), zone).astimezone(UTC)
    hours = tuple(
        sorted((span.start, span.end) for span in rhythm.weekly if span.weekday == day.weekday())
    )
    away = _share_away(rhythm.away, start, end)
    if away == end - start:
        state, hours = AWAY, ()
    elif rhythm.weekly and not hours:
        state = CLOSED
    elif away:
        state = PARTLY_AWAY
    else:
        state = HOURS if hours else FREE
    if state in {PARTLY_AWAY, FREE} and not hours:
        hours = ((0, DAY),)
    return Day(day, inside, state, hours, any(first <= day <= last for first, last in busy))


def _share_away(away: Iterable[Away], start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` is covered by absences that may overlap."""
    covered, until = timedelta(0), start
    for absence in sorted(away, key=lambda one: one.start):
        first, last = max(absence.start, until), min(absence.end or end, end)
        if first < last:
            covered, until = covered + (last - first), last
    return covered
