"""The hours in which people are written to about their place on the roster, where they are.

Not for crises: whom the clock protects from those is `rules.availability`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from roster.rules import cadences
from roster.rules.availability import absence_at, back_at, is_quiet, local_minute
from roster.rules.terms import Rhythm

A_DAY = timedelta(days=1)


def may_write(rhythm: Rhythm, now: datetime) -> bool:
    """Whether it is an hour in which somebody with this rhythm is written to."""
    _, minute = local_minute(now, rhythm.time_zone)
    return minute // 60 in writing_hours(rhythm.quiet)


def writing_hours(quiet: tuple[int, int] | None) -> list[int]:
    """The whole local hours of a day in which somebody with these quiet hours is written to.

    Those of everybody without what is quiet; who sleeps through all of them, at night.
    """
    usual = range(*cadences.WRITING_HOURS)
    loud = [hour for hour in range(24)
            if not (is_quiet(quiet, hour * 60) or is_quiet(quiet, hour * 60 + 59))]  # fmt: skip
    return [hour for hour in loud if hour in usual] or loud or list(usual)


def is_away(rhythm: Rhythm, now: datetime) -> bool:
    """Whether an absence covers `now`."""
    return absence_at(rhythm.away, now) is not None


def local_day(rhythm: Rhythm, at: datetime) -> date:
    """The day that it is at `at` where they are."""
    return at.astimezone(ZoneInfo(rhythm.time_zone)).date()


def next_hour(rhythm: Rhythm, now: datetime, *, told_today: bool, held_up: bool) -> datetime:
    """The next hour (UTC, after `now`) worth a look when something waits to be said.

    `told_today`: not before their next day. `held_up`: nothing is said while they are away.
    """
    zone, hours = ZoneInfo(rhythm.time_zone), writing_hours(rhythm.quiet)
    local = now.astimezone(zone)
    left = [hour for hour in hours if hour > local.hour and not told_today]
    if held_up and local.hour >= hours[0]:
        left = []
    day, hour = (local.date(), left[0]) if left else (local.date() + A_DAY, hours[0])
    then = datetime.combine(day, time(hour), zone).astimezone(UTC)
    back = back_at(rhythm.away, now)
    return min(then, back) if back is not None and back > now else then
