"""How a list is read: how far its first dozens reach, and who of it is nearest within a chord.

A list is everybody with one skill and one language, by cell (roster.models.postings). Filters
nothing but the level and what is surely affected.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, sqrt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Join,
    String,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from roster.directory.asked import named_point, named_words, point
from roster.directory.frame import Rows
from roster.directory.given import elements_of, kind_of, number, slot, table_of
from roster.directory.lists import on_list
from roster.directory.sieve import Page, Sieve
from roster.directory.where import chord_sq_of
from roster.directory.written import rows_of
from roster.models import Posting
from roster.rules.cells import BITS, EVERYWHERE, SLACK, cell_of, cover
from roster.rules.circle import inside_chord
from roster.rules.geodesy import unit_vector
from roster.rules.terms import Need

MANY, NARROWINGS = 20, 4
LEAST_REACH = 2**-11  # 3 km; within that many may be at one place
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
    enough of the list are for a first look.
    """

    skill: str
    level: int
    hole: float
    reach: float


def start_of(session: Session, need: Need, wanted: int) -> Start:
    """The required skill that is rarest about the need, and how far `wanted` of its list reach.

    Never less far than they do, and mostly little farther: they are sought among those whose cells
    are numbered next to the need's, either way. Where a list has fewer, it is read everywhere.
    """
    here = unit_vector(need.lat, need.lon)
    given = {
        "cell": cell_of(here),
        "languages": json.dumps(sorted(need.languages)),
        **named_point("centre", here),
        **named_words("skill", [code for code, _ in need.skills]),
    }
    reaching = _reaching(kind_of(session), len(need.skills), wanted)
    far = [EVERYWHERE**2 if sq is None else sq for sq in rows_of(session, reaching, given)[0]]
    reach_sq, (code, level) = max(zip(far, need.skills, strict=True))
    hole = _hole(need)
    return Start(code, level, hole, min(EVERYWHERE, hypot(hole, sqrt(reach_sq), LEAST_REACH)))


def _hole(need: Need) -> float:
    area = need.affected
    if area is None or area.lat is None or area.lon is None or area.radius_km is None:
        return 0.0
    return inside_chord((need.lat, need.lon), (area.lat, area.lon), area.radius_km)


@lru_cache(maxsize=100)
def _reaching(kind: str, skills: int, wanted: int) -> Rows:
    """Of each skill the squared chord within which `wanted` people of its list are, or NULL.

    Of the list in each language as many are read before the need's cell and as many after it. The
    number is written out: as a parameter PostgreSQL would fear the worst of it, and plan anew.
    """
    enough, before, one = _written(wanted), _written(wanted - 1), _written(1)
    here = bindparam("cell", type_=BigInteger)

    def reach(skill: str) -> Any:
        lists = elements_of(kind, slot("languages")).alias(f"lists_{skill}")
        of_list = Posting.skill == bindparam(skill, type_=String), Posting.language == lists.c.value
        cells = select(Posting.cell).where(*of_list).limit(one).offset(enough)
        first = cells.where(Posting.cell < here).order_by(Posting.cell.desc())
        last = cells.where(Posting.cell >= here).order_by(Posting.cell)
        low, high = (
            func.coalesce(end.correlate(lists).scalar_subquery(), _written(outermost))
            for end, outermost in ((first, 0), (last, 8**BITS))
        )
        chord = chord_sq_of((Posting.x, Posting.y, Posting.z), point("centre")).label("chord")
        some: Rows = select(Posting.expert_id, chord).where(
            *of_list, Posting.cell.between(low, high)
        )
        read = _range_by_range(kind, some, lists).subquery()
        far = select(func.min(read.c.chord).label("far")).group_by(read.c.expert_id)
        nth = far.order_by(literal_column("far")).limit(one).offset(before)
        return nth.scalar_subquery()

    return select(*(reach(f"skill{n}") for n in range(skills)))


def disc(sieve: Sieve, start: Start, done: float, outer: float, size: int) -> tuple[Page, float]:
    """The first `size` of a list within the chord `outer`, sifted, and how far was looked.

    That is `outer`, or nearer where so many are posted that reading them all would take long; but
    always beyond `done`, so that the search goes on.
    """
    for narrowing in range(NARROWINGS + 1):
        is_last = narrowing == NARROWINGS or outer <= done + LEAST_REACH
        many = NO_END if is_last else size * MANY
        page = _page(sieve, start, outer, size, many)
        if page.held < many:
            break
        outer = _narrower(done, outer, page, size)
    return page, outer


def _narrower(done: float, outer: float, page: Page, size: int) -> float:
    """As wide as the `size` people need who were read; else half as wide."""
    known = sqrt(page.farthest_sq)
    return known if page.read == size and done < known < outer else (done + outer) / 2


def _page(sieve: Sieve, start: Start, outer: float, size: int, many: int) -> Page:
    form = len(sieve.told.languages or ()), sieve.told.circle is not None
    here = unit_vector(sieve.need.lat, sieve.need.lon)
    given = {
        "ranges": json.dumps(dict(cover(here, start.hole, outer))),
        "skill": start.skill,
        "level": start.level,
        "most": (outer + SLACK) ** 2,
    }
    return sieve.page(_reading(kind_of(sieve.session), *form, size, many), given)


@lru_cache(maxsize=100)
def _reading(kind: str, languages: int, has_circle: bool, size: int, many: int) -> Rows:
    """The nearest `size` of one skill's list within ranges of cells, each person once; and how
    many postings there are, counted to `many`. Both are written out, as in `_reaching`.
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
    # PostgreSQL must not know how many: it would plan anew for each search, which takes as long.
    unknown = select(_written(many)).scalar_subquery()
    posted = _range_by_range(kind, some, ranges).limit(unknown).subquery()
    nearest = func.min(posted.c.chord).label("chord")
    counted = func.sum(func.count()).over().label("held")
    return (
        select(posted.c.expert_id, nearest, counted)
        .group_by(posted.c.expert_id)
        .order_by(literal_column("chord"), posted.c.expert_id)
        .limit(_written(size))
    )


def _written(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


def _range_by_range(kind: str, some: Rows, ranges: FromClause) -> Rows:
    """`some` postings of each of `ranges`."""
    if kind == "sqlite":
        return some.select_from(InThisOrder(ranges, Posting.__table__, true()))
    # OFFSET makes PostgreSQL go from range to range; else it may read and sort the whole list.
    rows = some.correlate_except(Posting).offset(0).lateral()
    return select(*rows.c).select_from(ranges.join(rows, true()))
