"""How a list is read: who of it is nearest within a chord.

A list is everybody with one skill and one language, by cell (roster.models.postings). Filters
nothing but the level and what is surely affected.
"""

import json
from functools import lru_cache
from math import sqrt

from sqlalchemy import Float, Integer, bindparam, func, literal_column, select

from roster.directory.asked import point
from roster.directory.beginning import LEAST_REACH, Start
from roster.directory.frame import Rows
from roster.directory.given import kind_of, number, slot, table_of
from roster.directory.lists import on_list, range_by_range, written_out
from roster.directory.sieve import Page, Sieve
from roster.directory.where import chord_sq_of
from roster.models import Posting
from roster.rules.cells import SLACK, cover
from roster.rules.geodesy import unit_vector

MANY, NARROWINGS = 20, 4
NO_END = 2**31 - 1


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
    unknown = select(written_out(many)).scalar_subquery()
    posted = range_by_range(kind, some, ranges).limit(unknown).subquery()
    nearest = func.min(posted.c.chord).label("chord")
    counted = func.sum(func.count()).over().label("held")
    return (
        select(posted.c.expert_id, nearest, counted)
        .group_by(posted.c.expert_id)
        .order_by(literal_column("chord"), posted.c.expert_id)
        .limit(written_out(size))
    )
