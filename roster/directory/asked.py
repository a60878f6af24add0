"""What a search is told: values for a statement that is built once, or slots for these values.

Building a statement costs more than running it; so the nearest are looked for by statements that
are kept, one for each form of need (`form_of`), and only the values travel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import BindParameter, Date, Float, Integer, String, bindparam

from core.db import UTCDateTime
from roster.rules.circle import inner_chord_sq
from roster.rules.geodesy import unit_vector
from roster.rules.terms import Area, Mode, Need

HoursWanted: TypeAlias = Literal["any", "waking", "working"]
Slot: TypeAlias = BindParameter[Any]
FOUR = 4
Point: TypeAlias = tuple[float, float, float] | tuple[Slot, Slot, Slot]


@dataclass(frozen=True)
class Asked:
    """A need at a moment, as the database is told of it.

    `conflicts` are the codes that must not be among somebody's conflicts. Whoever is based in
    `affected_country`, or within the squared chord of `circle`, is affected.
    """

    mode: Mode
    hours: HoursWanted
    now: datetime | Slot
    today: date | Slot
    centre: Point
    skills: Sequence[tuple[str | Slot, int | Slot]]
    languages: Sequence[str] | Sequence[Slot] | None
    conflicts: Sequence[str] | Sequence[Slot] | None
    region: str | Slot
    country: str | Slot
    affected_country: str | Slot | None
    circle: tuple[Point, float | Slot] | None


@dataclass(frozen=True)
class Form:
    """How a need looks: how many skills and languages it has, and what it has at all."""

    mode: Mode
    hours: HoursWanted
    skills: int
    languages: int
    conflicts: int
    affected_country: bool
    circle: bool


def asked(need: Need, now: datetime) -> Asked:
    """The values of `need` at `now`."""
    area = need.affected
    return Asked(
        mode=need.mode,
        hours=need.hours,
        now=now,
        today=now.astimezone(UTC).date(),
        centre=unit_vector(need.lat, need.lon),
        skills=need.skills,
        languages=in_fours(sorted(need.languages)) or None,
        conflicts=sorted({need.country, need.office} - {""}) or None,
        region=need.region,
        country=need.country,
        affected_country=(area.country or None) if area else None,
        circle=_circle(area) if area else None,
    )


def form_of(told: Asked) -> Form:
    """What decides how a statement looks, whatever the values."""
    return Form(
        mode=told.mode,
        hours=told.hours,
        skills=len(told.skills),
        languages=len(told.languages or ()),
        conflicts=len(told.conflicts or ()),
        affected_country=told.affected_country is not None,
        circle=told.circle is not None,
    )


def slots(form: Form) -> Asked:
    """Places for the values of any need of this form, named as in `values`."""
    return Asked(
        mode=form.mode,
        hours=form.hours,
        now=bindparam("now", type_=UTCDateTime),
        today=bindparam("today", type_=Date),
        centre=point("centre"),
        skills=[
            (bindparam(f"skill{n}", type_=String), bindparam(f"level{n}", type_=Integer))
            for n in range(form.skills)
        ],
        languages=words("language", form.languages) or None,
        conflicts=words("conflict", form.conflicts) or None,
        region=bindparam("region", type_=String),
        country=bindparam("country", type_=String),
        affected_country=bindparam("hit", type_=String) if form.affected_country else None,
        circle=(point("circle"), bindparam("circle_sq", type_=Float)) if form.circle else None,
    )


def values(told: Asked) -> Mapping[str, Any]:
    """The values for `slots` of the same form."""
    named: dict[str, Any] = {
        "now": told.now, "today": told.today, "region": told.region, "country": told.country,
        "hit": told.affected_country, **named_point("centre", told.centre),
        **named_words("language", told.languages or ()),
        **named_words("conflict", told.conflicts or ()),
    }  # fmt: skip
    for n, (code, level) in enumerate(told.skills):
        named |= {f"skill{n}": code, f"level{n}": level}
    if told.circle is not None:
        named |= {**named_point("circle", told.circle[0]), "circle_sq": told.circle[1]}
    return named


def _circle(area: Area) -> tuple[Point, float] | None:
    """Where somebody is inside without a doubt."""
    if area.lat is None or area.lon is None or area.radius_km is None:
        return None
    bound = inner_chord_sq(area.radius_km)
    return (unit_vector(area.lat, area.lon), bound) if bound > 0 else None


def in_fours(codes: Sequence[str]) -> list[str]:
    """`codes`, the last of them again until they are four, eight …: there are fewer forms then."""
    return [*codes, *(codes[-1] for _ in range(-len(codes) % FOUR))]


def words(name: str, count: int) -> list[Slot]:
    """Slots for so many words. One list of any length would be written anew for each search."""
    return [bindparam(f"{name}{n}", type_=String) for n in range(count)]


def named_words(name: str, given: Sequence[Any]) -> dict[str, Any]:
    """The values for the slots of `words`."""
    return {f"{name}{n}": word for n, word in enumerate(given)}


def point(name: str) -> tuple[Slot, Slot, Slot]:
    """Slots for a unit vector."""
    x, y, z = (bindparam(f"{name}_{axis}", type_=Float) for axis in "xyz")
    return x, y, z


def named_point(name: str, point: Point) -> dict[str, Any]:
    """The values for the slots of `point`."""
    return {f"{name}_{axis}": value for axis, value in zip("xyz", point, strict=True)}
