"""Random experts and needs, as rows for the database and as profiles for the pure rules."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geopy.distance import geodesic
from hypothesis import strategies as st
from sqlalchemy import Select, case, literal, select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.db import UTCDateTime
from roster.models import (
    Absence,
    Conflict,
    Expert,
    ExpertLanguage,
    SkillClaim,
    WeeklyHours,
)
from roster.rules import terms
from roster.rules.terms import Area, Away, Hours, Need, Profile, Rhythm

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday, on the quarter as the hours below
PLACES = (
    (90.0, 0.0), (-90.0, 12.0), (0.0, 180.0), (0.0, -180.0), (0.0, 179.999), (0.0, -179.999),
    (46.2, 6.14), (46.2, 6.14), (46.2, 6.1400001), (-46.2, -173.86), (0.0, 0.0), (-0.0, -0.0),
    (89.9999, -120.0), (35.7, 139.7), (-17.7, 178.8), (52.5, 13.4), (-13.83, -171.77),
)  # fmt: skip
ZONES = ("UTC", "Pacific/Kiritimati", "Asia/Kathmandu", "America/Lima", "Pacific/Pago_Pago")
LANGUAGES = ("ar", "fr", "en")
SKILLS = ("CIR", "BCP", "LEG")
COUNTRIES = ("FR", "UA", "NR")
REGIONS = ("TDC", "AFR")


@dataclass(frozen=True)
class Person:
    """One random expert: columns, lists, and what dispatch would know of them."""

    columns: Mapping[str, Any]
    languages: frozenset[str] = frozenset()
    skills: Mapping[str, tuple[int, date | None]] = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    rhythm: Rhythm = field(default_factory=lambda: Rhythm("UTC"))
    missions: int = 0
    offered: bool = False
    last_offered: datetime | None = None


points = st.one_of(
    st.sampled_from(PLACES),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
minutes = st.integers(0, 95).map(lambda quarter: quarter * 15)
weekly = st.builds(
    lambda day, start, long: Hours(day, start, min(1440, start + long)),
    st.sampled_from((1, 2, 2, 3)), minutes, st.sampled_from((60, 600)),
)  # fmt: skip
moments = st.one_of(
    st.just(NOW), st.integers(-5000, 5000).map(lambda m: NOW + timedelta(minutes=m))
)
last_days = st.sampled_from((None,) * 4 + (NOW.date(), NOW.date() - timedelta(days=1)))
claims = st.tuples(st.integers(1, 3), last_days)
absences = st.builds(Away, moments, st.one_of(st.none(), moments))
rhythms = st.builds(
    Rhythm,
    st.sampled_from(ZONES),
    st.one_of(st.just(()), st.lists(absences, max_size=2).map(tuple)),
    st.one_of(st.just(()), st.lists(weekly, max_size=2).map(tuple)),
    st.one_of(st.none(), st.tuples(minutes, minutes)),
)


@st.composite
def people(draw: st.DrawFn) -> Person:
    """An expert who mostly qualifies, so that the rarer filters get their turn."""
    lat, lon = draw(points)
    here = draw(st.one_of(st.none(), points))
    columns = {
        "status": draw(st.sampled_from((*terms.VETTED * 4, *terms.STATUSES))),
        "valid_until": draw(
            st.sampled_from((date(2030, 1, 1),) * 6
                            + (NOW.date(), NOW.date() - timedelta(days=1), None))
        ),
        "opted_out_at": draw(st.sampled_from((None,) * 6 + (NOW,))),
        "sms_failed_at": draw(st.sampled_from((None, NOW))),
        "lat": lat, "lon": lon,
        "present_lat": here[0] if here else None, "present_lon": here[1] if here else None,
        "present_until": draw(st.one_of(st.none(), moments)) if here else None,
        "country": draw(st.sampled_from(COUNTRIES)),
        "region": draw(st.sampled_from(REGIONS)),
        "scope": draw(st.sampled_from((terms.GLOBAL,) * 6 + (terms.REGIONAL, terms.NATIONAL))),
        "remote": draw(st.booleans()), "on_site": draw(st.booleans()),
        "max_missions": draw(st.sampled_from((1, 1, 2, 0))),
    }  # fmt: skip
    return Person(
        columns,
        draw(st.frozensets(st.sampled_from(LANGUAGES))),
        draw(st.dictionaries(st.sampled_from(SKILLS), claims)),
        draw(st.frozensets(st.sampled_from((*COUNTRIES, "EM")), max_size=1)),
        draw(rhythms),
        draw(st.sampled_from((0, 0, 0, 1))),
        draw(st.sampled_from((False,) * 5 + (True,))),
        draw(st.one_of(st.none(), moments)),
    )


@st.composite
def needs(draw: st.DrawFn, roster: list[Person]) -> Need:
    """A need; its affected circle often ends exactly where somebody of `roster` is."""
    lat, lon = draw(points)
    edges = [place_of(person) for person in roster] or [(0.0, 0.0)]
    centre = draw(st.sampled_from([(lat, lon), *edges[:2]]))
    edge = draw(st.sampled_from(edges))
    radius = draw(st.sampled_from((geodesic(centre, edge).km, 50.0, 3000.0, 20_100.0)))
    circle = Area(centre[0], centre[1], radius)
    country = draw(st.sampled_from(("", *COUNTRIES)))
    return Need(
        lat=lat,
        lon=lon,
        skills=tuple(draw(st.sampled_from(((), (("CIR", 2),), (("CIR", 1), ("BCP", 2)))))),
        desired=draw(st.sampled_from(((), ("LEG", "BCP")))),
        languages=frozenset(draw(st.sampled_from(((), ("fr",), ("ar", "en"))))),
        own_language=draw(st.sampled_from(("", "fr"))),
        mode=draw(st.sampled_from(("remote", "on_site", "either", "either"))),
        country=country,
        office=draw(st.sampled_from(("", country, "EM"))),
        region=draw(st.sampled_from(("", *REGIONS))),
        affected=draw(
            st.sampled_from((None, circle, Area(country="FR"), replace(circle, country="UA")))
        ),
        hours=draw(st.sampled_from(("any", "waking", "working"))),
    )


def place_of(person: Person) -> tuple[float, float]:
    """Where somebody is at NOW."""
    known, until = person.columns, person.columns["present_until"]
    if until and until > NOW and known["present_lat"] is not None:
        return known["present_lat"], known["present_lon"]
    return known["lat"], known["lon"]


def profile_of(expert_id: int, person: Person) -> Profile:
    """What the pure rules are told of somebody, without asking the database."""
    known = person.columns
    valid_until = known["valid_until"]
    end = valid_until and datetime(valid_until.year, valid_until.month, valid_until.day, tzinfo=UTC)
    lat, lon = place_of(person)
    return Profile(
        id=expert_id, status=known["status"], valid_until=end and end + timedelta(days=1),
        opted_out=known["opted_out_at"] is not None, has_channel=True, rhythm=person.rhythm,
        lat=lat, lon=lon, country=known["country"], languages=person.languages,
        skills={code: level for code, (level, last) in person.skills.items()
                if last is None or last >= NOW.date()},
        modes=frozenset(mode for mode in terms.MODES if known[mode]),
        max_missions=known["max_missions"], conflicts=person.conflicts,
        region=known["region"], scope=known["scope"],
        missions=person.missions, offered=person.offered, last_offered=person.last_offered,
    )  # fmt: skip


@contextmanager
def on_the_roster(session: Session, roster: list[Person]) -> Iterator[dict[int, Person]]:
    """`roster` in the database, by id, for as long as the context lasts."""
    try:
        vetters = two_vetters(session)
        rows = [_row(number, person, vetters) for number, person in enumerate(roster)]
        session.add_all(rows)
        session.flush()
        yield {row.id: person for row, person in zip(rows, roster, strict=True)}
    finally:
        session.rollback()


def two_vetters(session: Session) -> tuple[int, int]:
    """The ids of two accounts."""
    users = [
        User(email=f"vetter{n}@example.org", fs_uniquifier=f"vetter{n}", created_at=NOW)
        for n in (1, 2)
    ]
    session.add_all(users)
    session.flush()
    return users[0].id, users[1].id


def _row(number: int, person: Person, vetters: tuple[int, int]) -> Expert:
    quiet = person.rhythm.quiet or (None, None)
    return Expert(
        name=f"Expert {number}", email=f"e{number}@example.org", phone=f"+1202555{number:04}",
        time_zone=person.rhythm.time_zone, identified_at=NOW, updated_at=NOW,
        vetted_by=vetters[0], approved_by=vetters[1], quiet_from=quiet[0], quiet_until=quiet[1],
        languages=[ExpertLanguage(code=code) for code in person.languages],
        skills=[SkillClaim(skill=code, level=level, valid_until=last)
                for code, (level, last) in person.skills.items()],
        conflicts=[Conflict(code=code) for code in person.conflicts],
        absences=[Absence(starts_at=away.start, ends_at=away.end) for away in person.rhythm.away],
        weekly=[WeeklyHours(weekday=span.weekday, start=span.start, end=span.end)
                for span in person.rhythm.weekly],
        **person.columns,
    )  # fmt: skip


def selects(stored: Mapping[int, Person]) -> dict[str, Select[Any]]:
    """The three selects that dispatch would hand in: busy, load, offered."""
    loads = {key: one.missions for key, one in stored.items() if one.missions}
    offers = {key: one.last_offered for key, one in stored.items() if one.last_offered}
    live = [key for key, one in stored.items() if one.offered]
    seats = case(loads, value=Expert.id, else_=0) if loads else literal(0)
    moments = {key: literal(at, UTCDateTime) for key, at in offers.items()} or {
        0: literal(NOW, UTCDateTime)
    }
    latest = case(moments, value=Expert.id)
    return {
        "busy": select(Expert.id).where(Expert.id.in_(live)),
        "load": select(Expert.id, seats).where(Expert.id.in_(list(loads))),
        "offered": select(Expert.id, latest).where(Expert.id.in_(list(offers))),
    }
