"""The nearest experts who pass every filter, in an order that is exact to the last bit.

The database orders by chord and is asked for a few; `nearest_exact` proves that these few suffice,
or more are asked for.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, and_, case, cast, func, literal, not_, select
from sqlalchemy.orm import Session

from roster.claims import counts_at
from roster.directory.filters import conditions, is_quiet, speaks
from roster.directory.frame import Frame, Rows, frame
from roster.directory.snapshots import Found, candidates, in_order
from roster.directory.where import surely_outside
from roster.models import Expert, SkillClaim
from roster.rules import terms
from roster.rules.geodesy import Placed, nearest_exact
from roster.rules.suitability import is_inside
from roster.rules.terms import Candidate, Need

FIRST_BATCH = 128
GROWTH = 4


@dataclass(frozen=True)
class Qualified:
    """One qualified expert as the database sees them; `rank` comes before the distance."""

    id: int
    lat: float
    lon: float
    country: str
    chord_sq: float
    load: int
    rank: tuple[int, ...]


def nearest(
    session: Session,
    need: Need,
    now: datetime,
    limit: int,
    *,
    busy: Rows,
    load: Rows,
    offered: Rows | None = None,
    exclude: Collection[int] = (),
) -> list[Candidate]:
    """The first `limit` of all who may be asked for `need` at `now`, the first to ask first.

    Ordered by geodesic km (remote: by desired skills, the office's language and waking hours
    before that), then load, then the longest time since the last offer, then id. `busy` selects
    the ids of experts with a live offer, `load` (id, seats taken), `offered` (id, latest offer);
    `exclude` are ids not to be asked again.
    """
    search = frame(session, need, now, busy=busy, load=load)
    statement = _statement(search, exclude)
    size = max(FIRST_BATCH, GROWTH * limit)
    while True:
        rows = [_read(row) for row in session.execute(statement.limit(size))]
        found = first_of(rows, need, limit, complete=len(rows) < size)
        if found is not None:
            first = in_order(session, found, offered)[:limit]
            return candidates(session, first, need, now, offered)
        size *= GROWTH


def first_of(
    rows: Sequence[Qualified], need: Need, limit: int, *, complete: bool
) -> list[Found] | None:
    """The first `limit` of `rows` and all who tie with the last of them; None if unsure.

    `rows` come by rank and ascending chord; they are all there are when `complete`, else what
    follows might still be nearer than the last.
    """
    found: list[Found] = []
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.rank)]
    for number, group in enumerate(groups, 1):
        wanted = limit - len(found)
        if wanted <= 0:
            break
        result = nearest_exact(_placed(group, need), (need.lat, need.lon), wanted)
        if result.exhausted and number == len(groups) and not complete:
            return None
        found += [Found(row.id, km, row.load, row.rank) for km, row in result.found]
    return found if complete or len(found) >= limit else None


def _read(row: Row[*tuple[Any, ...]]) -> Qualified:
    expert_id, lat, lon, country, chord_sq, load, *rank = row
    return Qualified(expert_id, lat, lon, country, chord_sq, load, tuple(rank))


def _placed(rows: Iterable[Qualified], need: Need) -> Iterator[Placed[Qualified]]:
    for row in rows:
        if need.affected is None or _is_outside(row, need.affected):
            yield Placed(row.chord_sq, row.lat, row.lon, row)


def _is_outside(row: Qualified, area: terms.Area) -> bool:
    # The database has let through those near the edge of the circle.
    return surely_outside(area, row.lat, row.lon) or not is_inside(
        area, row.lat, row.lon, row.country
    )


def _statement(search: Frame, exclude: Collection[int]) -> Rows:
    chord_sq = search.chord_sq.label("chord_sq")
    ranks = _ranks(search) if search.need.mode == terms.REMOTE else []
    columns = (
        Expert.id,
        search.place.lat,
        search.place.lon,
        Expert.country,
        chord_sq,
        search.missions,
        *ranks,
    )
    statement = select(*columns).select_from(search.source).where(*conditions(search).values())
    if exclude:
        statement = statement.where(Expert.id.not_in(sorted(exclude)))
    return statement.order_by(*(rank.desc() for rank in ranks), chord_sq, Expert.id)


def _ranks(search: Frame) -> list[ColumnElement[int]]:
    need, awake = search.need, not_(is_quiet(search))
    first, last = (hour * 60 for hour in terms.WAKING_HOURS)
    minute = search.minute_of_day
    awake = case((Expert.quiet_from.is_(None), and_(minute >= first, minute < last)), else_=awake)
    own = speaks([need.own_language]) if need.own_language else literal(0)
    return [_desired(search), cast(own, Integer), cast(awake, Integer)]


def _desired(search: Frame) -> ColumnElement[int]:
    need = search.need
    if not need.desired:
        return literal(0)
    return (
        select(func.count())
        .where(
            SkillClaim.expert_id == Expert.id,
            SkillClaim.skill.in_(sorted(need.desired)),
            SkillClaim.level >= terms.DEFAULT_LEVEL,
            counts_at(search.now),
        )
        .correlate(Expert)
        .scalar_subquery()
    )
