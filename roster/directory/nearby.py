"""Looks for the nearest where they are posted: in one list, ring by ring, until no more can matter.

A list is everybody with one skill and one language, by cell (roster.models.postings). A ring is
read by ascending chord, a page at a time, and each page is passed through every filter. It is
enough when the k-th of those who pass cannot be farther than the nearest who was not looked at:
a·σ(k-th) < b·σ(edge), by the bound proved in `roster.rules.geodesy`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt

from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from roster.directory.asked import named_words, point
from roster.directory.frame import Rows
from roster.directory.given import kind_of, number, slot, table_of
from roster.directory.lists import on_list
from roster.directory.qualified import Page, Qualified, Sieve
from roster.directory.where import chord_sq_of
from roster.models import Posting
from roster.rules.cells import BITS, EVERYWHERE, SLACK, cover, surroundings
from roster.rules.circle import inner_chord_sq, outer_chord_sq
from roster.rules.geodesy import chord_sq, lower_bound_km, unit_vector, upper_bound_km
from roster.rules.terms import Need

EIGHT = 8
GROWTH = 4
MOST_RINGS = 5


@dataclass(frozen=True)
class Start:
    """The list to read, and a chord within which some dozens of it are expected."""

    skill: str
    level: int
    reach: float


def nearby(sieve: Sieve, limit: int, size: int) -> list[Qualified] | None:
    """By ascending chord, the nearest who pass, certainly with the first `limit` and their ties.

    Fewer than `limit`: there are no more. None when those who pass are so thin on the list that
    it is better to look at everybody. `size` is how many to read first.
    """
    start = start_of(sieve.session, sieve.need, size)
    hole = _hole(sieve.need)
    inner, outer = hole, min(EVERYWHERE, hypot(hole, start.reach))
    passed: dict[int, Qualified] = {}
    for _ in range(MOST_RINGS):
        page = ring(sieve, start, (inner, outer), size)
        passed |= {one.id: one for one in page.passed}
        edge = outer if page.read < size else min(outer, sqrt(page.farthest_sq))
        near = sorted(
            (one for one in passed.values() if one.chord_sq <= edge * edge),
            key=lambda one: (one.chord_sq, one.id),
        )
        farthest = near[limit - 1].chord_sq if len(near) >= limit else None
        if edge >= EVERYWHERE or _is_enough(farthest, edge):
            return near
        if edge >= outer:
            outer = min(EVERYWHERE, _further(farthest, outer))
        inner, size = edge, size * GROWTH
    return None


def _is_enough(farthest: float | None, edge: float) -> bool:
    return farthest is not None and upper_bound_km(farthest) < lower_bound_km(edge * edge)


def _further(farthest: float | None, outer: float) -> float:
    if farthest is None:
        return 2 * outer
    needed = sqrt(outer_chord_sq(upper_bound_km(farthest)))
    return max(1.01 * outer, needed * (1 + 1e-9))


def start_of(session: Session, need: Need, wanted: int) -> Start:
    """The required skill that is rarest about the need, and how far `wanted` of its list reach."""
    sizes = surroundings(unit_vector(need.lat, need.lon))
    lows = [low for _, eight in sizes for low, _ in eight]
    given = {
        "lows": json.dumps(dict(enumerate(lows))),
        "most": wanted,
        **named_words("language", sorted(need.languages)),
        **named_words("skill", [code for code, _ in need.skills]),
    }
    held = [[0] * len(sizes) for _ in need.skills]
    counting = _counting(kind_of(session), len(need.skills), len(need.languages))
    for where, *found in session.connection().execute(counting, given).all():
        for skill, count in enumerate(found):
            held[skill][where // EIGHT] += count
    sides = [side for side, _ in sizes]
    reach, (code, level) = max(
        (_reach(sides, found, wanted), wish) for found, wish in zip(held, need.skills, strict=True)
    )
    return Start(code, level, reach)


@lru_cache(maxsize=100)
def _counting(kind: str, skills: int, languages: int) -> Rows:
    """How many of each skill's list are in each cube, `most` at most."""
    given = table_of(kind, slot("lows"))
    place, low = number(given.c.key), number(given.c.value)
    one = literal_column("CAST(1 AS BIGINT)", BigInteger)
    bits = cast(3 * (BITS - 1 - place // EIGHT), Integer)
    inside = Posting.cell.between(low, low + one.bitwise_lshift(bits) - 1)
    some = [
        select(literal_column("1"))
        .where(*on_list(f"skill{n}", languages), inside)
        .limit(bindparam("most", type_=Integer))
        .correlate_except(Posting)
        .subquery()
        for n in range(skills)
    ]
    counts = [select(func.count()).select_from(those).scalar_subquery() for those in some]
    return select(place, *counts).select_from(given)


def _reach(sides: Sequence[float], held: Sequence[int], wanted: int) -> float:
    enough = (side for side, count in zip(sides, held, strict=True) if count >= wanted)
    return min(enough, default=EVERYWHERE)


def ring(sieve: Sieve, start: Start, reach: tuple[float, float], size: int) -> Page:
    """The first `size` of a list from the one chord on, perhaps beyond the other, sifted; complete
    between the two when fewer are read.
    """
    need, (inner, outer) = sieve.need, reach
    form = len(need.languages), inner > 0, sieve.told.circle is not None
    given = {
        "ranges": json.dumps(dict(cover(unit_vector(need.lat, need.lon), inner, outer))),
        "skill": start.skill,
        "level": start.level,
        "least": inner * (inner - SLACK),
        "size": size,
    }
    return sieve.page(_reading(kind_of(sieve.session), *form), given)


@lru_cache(maxsize=100)
def _reading(kind: str, languages: int, has_inner: bool, has_circle: bool) -> Rows:
    """The nearest of one skill's list within ranges of cells."""
    given = table_of(kind, slot("ranges"))
    vector = Posting.x, Posting.y, Posting.z
    chord = chord_sq_of(vector, point("centre"))
    held = [
        *on_list("skill", languages),
        Posting.cell.between(number(given.c.key), number(given.c.value)),
        Posting.level >= bindparam("level", type_=Integer),
    ]
    if has_inner:
        held.append(chord >= bindparam("least", type_=Float))
    if has_circle:
        bound = bindparam("circle_sq", type_=Float)
        held.append(chord_sq_of(vector, point("circle")) > bound)
    some = select(Posting.expert_id, chord.label("chord")).where(*held)
    if kind == "sqlite":
        statement = some.select_from(given)
    else:
        # OFFSET makes PostgreSQL go from range to range; else it may read and sort the whole list.
        rows = some.correlate(given).offset(0).lateral("near")
        statement = select(rows.c.expert_id, rows.c.chord).select_from(given.join(rows, true()))
    statement = statement.order_by(literal_column("chord"), literal_column("expert_id"))
    return statement.limit(bindparam("size", type_=Integer))


def _hole(need: Need) -> float:
    """A chord within which everybody is affected, by the triangle inequality; 0 without one."""
    area = need.affected
    if area is None or area.lat is None or area.lon is None or area.radius_km is None:
        return 0.0
    off = sqrt(chord_sq(unit_vector(need.lat, need.lon), unit_vector(area.lat, area.lon)))
    return max(0.0, sqrt(inner_chord_sq(area.radius_km)) - off - SLACK)
