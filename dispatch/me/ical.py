"""An expert's calendar as iCalendar (RFC 5545): absences, weekly hours, missions.

Of others it names offices and case numbers only. Reads rows; asks no database and no clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from core.web import link_to, public_url
from dispatch.me.own_missions import days_of
from dispatch.models import Mission
from dispatch.views.words import name_of_office
from dispatch.wording.catalogue import _
from roster.models import Absence, Expert
from roster.rules.spans import DAY

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
YEARS_AHEAD = 5


@dataclass(frozen=True)
class Made:
    """The calendar as bytes, and when anything of it last changed (UTC)."""

    content: bytes
    changed_at: datetime


def calendar_of(expert: Expert, missions: Iterable[Mission], now: datetime) -> Made:
    """The calendar of `expert` with these `missions`, in the language that is spoken just now."""
    missions, zone = list(missions), ZoneInfo(expert.time_zone)
    changed = _changed_at(expert, missions, now)
    calendar = Calendar()
    for name, value in (
        ("prodid", "-//IP-ROC Dispatch//Calendar//EN"), ("version", "2.0"),
        ("calscale", "GREGORIAN"), ("method", "PUBLISH"), ("x-wr-calname", "IP-ROC"),
        ("x-wr-timezone", expert.time_zone), ("x-published-ttl", "PT1H"),
    ):  # fmt: skip
        calendar.add(name, value)
    calendar.add("refresh-interval", AN_HOUR, parameters={"VALUE": "DURATION"})
    events = [
        *(_absence(one, zone, now) for one in sorted(expert.absences, key=lambda one: one.id)),
        *_hours(expert, zone),
        *(_mission(one, zone, now) for one in missions),
    ]
    if any("RRULE" in event for event in events):
        first = expert.identified_at.astimezone(zone).date()
        calendar.add_component(_zone(expert.time_zone, first.year, now.year + YEARS_AHEAD))
    for event in events:
        event.add("dtstamp", changed.replace(microsecond=0))
        calendar.add_component(event)
    return Made(calendar.to_ical(), changed)


def _changed_at(expert: Expert, missions: Iterable[Mission], now: datetime) -> datetime:
    """What lasts "so far" ends on another day every day; all else changes with its row."""
    moments = [expert.updated_at]
    running = False
    for mission in missions:
        moments.append(mission.ended_at or mission.accepted_at)
        running = running or mission.ended_at is None
    if running:
        zone = ZoneInfo(expert.time_zone)
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
        moments.append(midnight.astimezone(UTC))
    return max(moments)


def _absence(absence: Absence, zone: ZoneInfo, now: datetime) -> Event:
    start, end = absence.starts_at, absence.ends_at
    event = _event(f"absence-{absence.id}", _("Away (IP-ROC)"))
    if end is None:
        event["SUMMARY"] = _("Away, until I say that I am back (IP-ROC)")
        end = datetime(max(now, start).year + 1, 12, 31, tzinfo=zone) + ONE_DAY
    if absence.reason:
        event.add("description", absence.reason)
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.time() == last.time() == time():
        event.add("dtstart", first.date())
        event.add("dtend", last.date())
    else:
        event.add("dtstart", start.astimezone(UTC))
        event.add("dtend", end.astimezone(UTC))
    return event


def _hours(expert: Expert, zone: ZoneInfo) -> Iterator[Event]:
    """One event for each span, repeated on all the weekdays that have it."""
    weekdays: dict[tuple[int, int], list[int]] = {}
    for span in sorted(expert.weekly, key=lambda one: (one.weekday, one.start)):
        weekdays.setdefault((span.start, span.end), []).append(span.weekday)
    since = expert.identified_at.astimezone(zone).date()
    for (start, end), days in weekdays.items():
        event = _event(f"hours-{expert.public_id}-{start}-{end}", _("May be asked (IP-ROC)"))
        first = min(_first_after(since, day) for day in days)
        event.add("dtstart", _at(first, start, zone))
        event.add("dtend", _at(first, end, zone))
        event.add("rrule", {"freq": "weekly", "byday": [WEEKDAYS[day] for day in days]})
        event["TRANSP"] = "TRANSPARENT"
        yield event


def _mission(mission: Mission, zone: ZoneInfo, now: datetime) -> Event:
    first, last = days_of(mission, zone, now)
    case, office = mission.request.number, name_of_office(mission.request.office)
    summary = _("Mission %(case)s: %(office)s", case=case, office=office)
    event = _event(f"mission-{mission.public_id}", summary)
    event.add("dtstart", first)
    event.add("dtend", last + ONE_DAY)
    event.add("url", link_to("me.show_overview"))
    return event


def _event(name: str, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@{urlsplit(public_url('')).hostname}")
    event.add("summary", summary)
    event.add("transp", "OPAQUE")
    return event


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """That time by the clock on the wall; 24:00 is the next day's beginning."""
    days, minute = divmod(minute, DAY)
    return datetime.combine(day + days * ONE_DAY, time(*divmod(minute, 60)), zone)


def _first_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


@lru_cache(maxsize=64)
def _zone(name: str, first_year: int, last_year: int) -> Timezone:
    """The changes of that clock between the two years, as a VTIMEZONE."""
    return Timezone.from_tzid(
        name, first_date=date(first_year - 1, 1, 1), last_date=date(last_year, 1, 1)
    )
