"""When an expert may be asked: absences, weekly hours, quiet hours and working hours, each in the
expert's own time zone. Knows no database and no request beyond whom its clock protects.

What protects whom is decided in docs/adr/0003: the calendar and weekly hours always count; quiet
hours yield to `any`; without weekly hours, `working` means Monday to Friday, 9 to 17.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from roster.rules import terms
from roster.rules.terms import Away, Hours, Rhythm

HoursWanted = Literal["any", "waking", "working"]

DAY = 24 * 60
WORKING_WEEK = tuple(
    Hours(weekday, terms.WORKING_HOURS[0] * 60, terms.WORKING_HOURS[1] * 60) for weekday in range(5)
)
# A week and a day find every weekly window; twice that, also one that a change of clocks swallowed.
HORIZON_DAYS = 15
A_SECOND = timedelta(seconds=1)


class AbsenceRow(Protocol):
    """A stored absence."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime | None: ...


class HasAbsences(Protocol):
    """Somebody with a calendar, such as an expert's row."""

    @property
    def time_zone(self) -> str: ...
    @property
    def absences(self) -> Iterable[AbsenceRow]: ...


@cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. ZoneInfo itself keeps the last eight only."""
    return ZoneInfo(name)


def local_minute(now: datetime, time_zone: str) -> tuple[int, int]:
    """The weekday (0 = Monday) and the minute since local midnight, at `now` in `time_zone`."""
    local = now.astimezone(zone_of(time_zone))
    return local.weekday(), local.hour * 60 + local.minute


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first moment (UTC) after `day` in `time_zone`: where "away until `day`" ends."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone_of(time_zone))
    return midnight.astimezone(UTC)


def first_day(start: datetime, time_zone: str) -> date:
    """The first local day that an absence beginning at `start` touches."""
    return start.astimezone(ZoneInfo(time_zone)).date()


def last_day(end: datetime, time_zone: str) -> date:
    """The last local day that an absence ending at `end` (excluded) touches."""
    return (end - A_SECOND).astimezone(zone_of(time_zone)).date()


def absence_at(away: tuple[Away, ...], now: datetime) -> Away | None:
    """The absence that covers `now`; of several, the one that lasts longest."""
    covering = [a for a in away if a.start <= now and (a.end is None or now < a.end)]
    return max(covering, key=_end_of, default=None)


def back_at(away: tuple[Away, ...], now: datetime) -> datetime | None:
    """The end of the absence that covers `now`, or `now` without one; None when it is endless."""
    absence = absence_at(away, now)
    return absence.end if absence else now


def available_text(expert: HasAbsences, now: datetime) -> str:
    """`yes`, `no`, or `away until YYYY-MM-DD` (that local day included), as in CONTRACT.md."""
    away = tuple(Away(absence.starts_at, absence.ends_at) for absence in expert.absences)
    absence = absence_at(away, now)
    if absence is None:
        return "yes"
    if absence.end is None:
        return "no"
    return f"away until {last_day(absence.end, expert.time_zone).isoformat()}"


def is_quiet(quiet: tuple[int, int] | None, minute: int) -> bool:
    """Whether `minute` lies in quiet hours (end excluded); they may go over midnight."""
    if quiet is None:
        return False
    start, end = quiet
    return start <= minute < end if start <= end else minute >= start or minute < end


def is_awake(rhythm: Rhythm, now: datetime) -> bool:
    """Whether it is day for this expert: outside their quiet hours, or 7 to 22 if they set none."""
    _, minute = local_minute(now, rhythm.time_zone)
    if rhythm.quiet is not None:
        return not is_quiet(rhythm.quiet, minute)
    start, end = terms.WAKING_HOURS
    return start * 60 <= minute < end * 60


def objection(rhythm: Rhythm, hours: HoursWanted, now: datetime) -> str | None:
    """AWAY, RESTING or OFF_HOURS when the expert is not to be asked at `now`; else None."""
    if absence_at(rhythm.away, now):
        return terms.AWAY
    weekday, minute = local_minute(now, rhythm.time_zone)
    if hours != "any" and is_quiet(rhythm.quiet, minute):
        return terms.RESTING
    spans = asking_hours(rhythm, hours)
    if spans and not any(s.weekday == weekday and s.start <= minute < s.end for s in spans):
        return terms.OFF_HOURS
    return None


def asking_hours(rhythm: Rhythm, hours: HoursWanted) -> tuple[Hours, ...]:
    """The weekly hours that count for a request of `hours`; none means all week."""
    return rhythm.weekly or (WORKING_WEEK if hours == "working" else ())


def next_available(rhythm: Rhythm, hours: HoursWanted, now: datetime) -> datetime | None:
    """The first moment (UTC) from `now` on at which `objection` has none; None if there is none.

    Tries each moment at which something could begin to allow it: an absence ends, a window of
    hours opens, quiet hours end, the clocks change.
    """
    ends = [away.end for away in rhythm.away if away.end and away.end > now]
    moments = {now}
    for anchor in (now, *ends):
        moments.add(anchor)
        moments.update(_openings(rhythm, hours, anchor))
    for moment in sorted(moments):
        if moment >= now and objection(rhythm, hours, moment) is None:
            return moment
    return None


def _openings(rhythm: Rhythm, hours: HoursWanted, anchor: datetime) -> Iterator[datetime]:
    spans = asking_hours(rhythm, hours)
    quiet = rhythm.quiet if hours != "any" else None
    if not spans and quiet is None:
        return
    zone = zone_of(rhythm.time_zone)
    first = anchor.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(HORIZON_DAYS + 2)):
        minutes = {span.start for span in spans if span.weekday == day.weekday()}
        if quiet is not None:
            minutes.add(quiet[1])
        for minute in minutes:
            yield from _instants(day, minute, zone)
        yield from _change_of_clocks(day, zone)


def _instants(day: date, minute: int, zone: ZoneInfo) -> Iterator[datetime]:
    # A local time happens twice when clocks go back; one that is skipped when they go forward
    # gives two moments beside the gap, which do no harm: each is tried, none is believed.
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    for fold in (0, 1):
        yield wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _change_of_clocks(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    early = datetime.combine(day, time(), UTC)
    late = early + timedelta(days=1)
    if early.astimezone(zone).utcoffset() == late.astimezone(zone).utcoffset():
        return
    before = early.astimezone(zone).utcoffset()
    while late - early > A_SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    yield late


def _end_of(away: Away) -> datetime:
    return away.end or datetime.max.replace(tzinfo=UTC)
