"""The calendar feed: what programs read in it, and nothing of others but office and case."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event, Timezone

from core.db import writing
from dispatch.me import feed_address
from roster.models import Expert
from roster.registrar import presence, profile
from roster.rules.terms import Hours
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.test_me import own, press

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ZONE = "America/New_York"


@pytest.fixture
def anna(world: World) -> Expert:
    return world.expert(1, name="Anna", time_zone=ZONE)


def read(world: World, visit: Visit, anna: Expert) -> Calendar:
    """The feed as a program reads it."""
    with writing() as session:
        feed_address.renew(session, anna, actor="x", now=world.now)
    answer = visit().get(urlsplit(feed_address.address_of(world.session, anna)).path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.text)


def event(calendar: Calendar, name: str) -> Event:
    [found] = [one for one in calendar.walk("VEVENT") if str(one["UID"]).startswith(name)]
    assert isinstance(found, Event)
    return found


def test_absences_are_whole_days_or_moments(world: World, visit: Visit, anna: Expert) -> None:
    first = world.now.date() + timedelta(days=10)
    with writing() as session:
        expert = session.get_one(Expert, anna.id)
        last, until = first + timedelta(days=1), datetime.combine(first, time(15), UTC)
        presence.add_absence(session, expert, first, last, "Ski", actor="x", now=world.now)
        presence.set_away(session, expert, until, actor="x", now=world.now)
    calendar = read(world, visit, anna)
    days, moments = sorted(calendar.walk("VEVENT"), key=lambda one: str(one["UID"]))
    assert (days.decoded("DTSTART"), days.decoded("DTEND")) == (first, first + timedelta(days=2))
    assert days["DESCRIPTION"] == "Ski"
    assert moments.decoded("DTEND") == until
    assert not calendar.walk("VTIMEZONE")


def test_weekly_hours_repeat_by_the_clock_on_the_wall(
    world: World, visit: Visit, anna: Expert
) -> None:
    with writing() as session:
        expert = session.get_one(Expert, anna.id)
        hours = [Hours(day, 540, 1020) for day in (0, 2, 4)] + [Hours(6, 1200, 1440)]
        profile.set_weekly_hours(session, expert, hours, actor="x", now=world.now)
    calendar = read(world, visit, anna)
    daily = event(calendar, f"hours-{anna.public_id}-540-1020")
    assert daily["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=MO,WE,FR"
    assert daily["DTSTART"].params["TZID"] == ZONE
    start, end = daily.decoded("DTSTART"), daily.decoded("DTEND")
    # By the wall's clock, so that it stays nine o'clock when the clocks change; first on a Monday,
    # a Wednesday or a Friday, as RFC 5545 wants a DTSTART to agree with its rule.
    assert (start.time(), end.time(), start.weekday() in {0, 2, 4}) == (time(9), time(17), True)
    late = event(calendar, f"hours-{anna.public_id}-1200-1440")
    assert late.decoded("DTEND").date() == late.decoded("DTSTART").date() + timedelta(days=1)


def test_the_time_zone_in_the_file_is_the_real_one(
    world: World, visit: Visit, anna: Expert
) -> None:
    with writing() as session:
        expert = session.get_one(Expert, anna.id)
        profile.set_weekly_hours(session, expert, [Hours(0, 540, 600)], actor="x", now=world.now)
    [zone] = read(world, visit, anna).walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    told, real = zone.to_tz(), ZoneInfo(ZONE)
    noon = datetime(world.now.year, 1, 4, 12, tzinfo=real)
    for week in range(150):
        here = noon + timedelta(weeks=week)
        assert here.replace(tzinfo=told).utcoffset() == here.utcoffset(), here


def test_a_mission_names_office_and_case_and_nobody(
    world: World, visit: Visit, anna: Expert
) -> None:
    request = world.file(contact_name="Olena Koval", contact_phone="+380441234567")
    page = visit(own(world, anna))
    offer = page.get("/me").text.split('action="/offer/')[1].split('"')[0]
    press(page, f"/offer/{offer}", on="/me", answer="accept")
    calendar = read(world, visit, anna)
    mission = event(calendar, "mission-")
    assert str(mission["SUMMARY"]) == f"Mission {request.number}: Ukraine"
    today = world.now.astimezone(ZoneInfo(ZONE)).date()
    assert (mission.decoded("DTSTART"), mission.decoded("DTEND")) == (
        today, today + timedelta(days=1),
    )  # fmt: skip
    text = calendar.to_ical().decode()
    for secret in ("Olena", "380441234567", "Ransomware", anna.name, anna.phone, anna.email):
        assert secret not in text
    assert isinstance(mission.decoded("DTSTART"), date)
