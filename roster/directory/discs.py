"""How a list is read: how far its first dozens reach, and who of it is nearest within a chord.

A list is everybody with one skill and one language, by cell (roster.models.postings). Filters
nothing but the level and what is surely affected.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Join,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from roster.directory.asked import in_fours, named_words, point
from roster.directory.frame import Rows
from roster.directory.given import elements_of, kind_of, number, slot, table_of
from roster.directory.lists import on_list
from roster.directory.sieve import Page, Sieve
from roster.directory.where import chord_sq_of
from roster.directory.written import rows_of
from roster.models import Posting
from roster.rules.cells import EVERYWHERE, SLACK, cover, surroundings
from roster.rules.circle import inside_chord
from roster.rules.geodesy import unit_vector
from roster.rules.terms import Need

MANY, NARROWINGS = 20, 5
NO_END = 2**31 - 1


class InThisOrder(Join):
    """A join of which SQLite reads the left side first: for each range, what lies in it."""

    inherit_cache = True


@compiles(InThisOrder, "sqlite")
def _in_this_order(join: Join, compiler: SQLCompiler, **ways: Any) -> str:
    left, right = (compiler.process(side, **ways) for side in (join.left, join.right))
    return f"{left} CROSS JOIN {right}"


@dataclass(frozen=True)
class Start:
    """The list to read. Within the chord `hole` everybody is affected; within the chord `reach`
    some dozens of the list are expected.
    """

    skill: str
    level: int
    hole: float
    reach: float


def start_of(session: Session, need: Need, wanted: int) -> Start:
    """The required skill that is rarest about the need, and how far `wanted` of its list reach.

    A guess by cubes. Whatever it says, the nearest are found, sooner or later.
    """
    sizes = list(surroundings(unit_vector(need.lat, need.lon)))
    languages = in_fours(sorted(need.languages))
    given = {
        "sizes": json.dumps({more: lows for _, lows, more in sizes}),
        **named_words("language", languages),
        **named_words("skill", [code for code, _ in need.skills]),
    }
    counting = _counting(kind_of(session), len(need.skills), len(languages), wanted)
    enough = rows_of(session, counting, given)[0]
    sides = {more: side for side, _, more in sizes}
    reach, (code, level) = max(
        (sides.get(more, EVERYWHERE), wish) for more, wish in zip(enough, need.skills, strict=True)
    )
    hole = _hole(need)
    return Start(code, level, hole, min(EVERYWHERE, hypot(hole, reach)))


def _hole(need: Need) -> float:
    area = need.affected
    if area is None or area.lat is None or area.lon is None or area.radius_km is None:
        return 0.0
    return inside_chord((need.lat, need.lon), (area.lat, area.lon), area.radius_km)


@lru_cache(maxsize=100)
def _counting(kind: str, skills: int, languages: int, wanted: int) -> Rows:
    """Of each skill the first of `sizes` at which the eight cubes hold `wanted` of its list.

    Looks no further then, and counts no further than that at any size. The number is written out:
    as a parameter PostgreSQL would fear the worst of it, and plan anew each time.
    """
    enough: ColumnElement[int] = literal_column(str(wanted), Integer)

    def first(skill: str) -> Any:
        sizes = table_of(kind, slot("sizes")).alias(f"sizes_{skill}")
        more = number(sizes.c.key)
        cubes = elements_of(kind, sizes.c.value).alias(f"cubes_{skill}")
        low = number(cubes.c.value)
        inside = [*on_list(skill, languages), Posting.cell.between(low, low + more)]
        some: Rows = select(literal_column("1").label("one")).where(*inside)
        held = _range_by_range(kind, some, cubes).limit(enough).correlate(sizes).subquery()
        count = select(func.count()).select_from(held).correlate(sizes).scalar_subquery()
        return select(more).select_from(sizes).where(count >= enough).limit(1).scalar_subquery()

    return select(*(first(f"skill{n}") for n in range(skills)))


def disc(sieve: Sieve, start: Start, done: float, outer: float, size: int) -> tuple[Page, float]:
    """The first `size` of a list within the chord `outer`, sifted, and how far was looked.

    That is `outer`, or nearer where so many are posted that reading them all would take long; but
    always beyond `done`, so that the search goes on.
    """
    for narrowing in range(NARROWINGS + 1):
        many = size * MANY if narrowing < NARROWINGS else NO_END
        page = _page(sieve, start, outer, size, many)
        if page.held < many:
            break
        outer = (done + outer) / 2
    return page, outer


def _page(sieve: Sieve, start: Start, outer: float, size: int, many: int) -> Page:
    form = len(sieve.told.languages or ()), sieve.told.circle is not None
    here = unit_vector(sieve.need.lat, sieve.need.lon)
    given = {
        "ranges": json.dumps(dict(cover(here, start.hole, outer))),
        "skill": start.skill,
        "level": start.level,
        "most": (outer + SLACK) ** 2,
        "size": size,
        "many": many,
    }
    return sieve.page(_reading(kind_of(sieve.session), *form), given)


@lru_cache(maxsize=100)
def _reading(kind: str, languages: int, has_circle: bool) -> Rows:
    """The nearest of one skill's list within ranges of cells, each person once; and how many
    postings there are, counted to `many`.
    """
    ranges = table_of(kind, slot("ranges"))
    vector = Posting.x, Posting.y, Posting.z
    chord = chord_sq_of(vector, point("centre"))
    held = [
        *on_list("skill", languages),
        Posting.cell.between(number(ranges.c.key), number(ranges.c.value)),
        Posting.level >= bindparam("level", type_=Integer),
        chord <= bindparam("most", type_=Float),
    ]
    if has_circle:
        bound = bindparam("circle_sq", type_=Float)
        held.append(chord_sq_of(vector, point("circle")) > bound)
    some: Rows = select(Posting.expert_id, chord.label("chord")).where(*held)
    posted = _range_by_range(kind, some, ranges).limit(bindparam("many", type_=Integer)).subquery()
    nearest = func.min(posted.c.chord).label("chord")
    counted = func.sum(func.count()).over().label("held")
    return (
        select(posted.c.expert_id, nearest, counted)
        .group_by(posted.c.expert_id)
        .order_by(literal_column("chord"), posted.c.expert_id)
        .limit(bindparam("size", type_=Integer))
    )


def _range_by_range(kind: str, some: Rows, ranges: FromClause) -> Rows:
    """`some` postings of each of `ranges`."""
    if kind == "sqlite":
        return some.select_from(InThisOrder(ranges, Posting.__table__, true()))
    # OFFSET makes PostgreSQL go from range to range; else it may read and sort the whole list.
    rows = some.correlate_except(Posting).offset(0).lateral()
    return select(*rows.c).select_from(ranges.join(rows, true()))
