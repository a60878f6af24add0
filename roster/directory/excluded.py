"""Who is not asked, and why: counted by reason, and the nearest of them with the facts."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, not_, null, or_, select, true
from sqlalchemy.orm import Session

from roster.directory.filters import conditions
from roster.directory.frame import Frame, Rows, frame
from roster.directory.profiles import profiles
from roster.directory.where import perhaps_inside
from roster.models import Expert
from roster.rules import terms
from roster.rules.details import detail_of
from roster.rules.geodesy import Placed, nearest_exact
from roster.rules.suitability import is_inside
from roster.rules.terms import Exclusion, Need

FIRST_BATCH = 128
GROWTH = 4


def exclusions(
    session: Session,
    need: Need,
    now: datetime,
    *,
    busy: Rows,
    load: Rows,
    asked: Collection[int] = (),
    limit: int = 20,
) -> tuple[Counter[str], list[Exclusion]]:
    """How many are not asked, by their first reason, and the `limit` nearest of them.

    Everybody on the roster is counted; named are only those who are or once were vetted. `asked`
    are ids who were already asked for this request. `busy`, `load`: see `nearest`.
    """
    search = frame(session, need, now, busy=busy, load=load)
    reason = _reason(search, edge_of(session, search), asked)
    against = select(reason).select_from(search.source).subquery("against")
    counts = select(against.c.reason, func.count()).group_by(against.c.reason)
    counted = Counter({row[0]: row[1] for row in session.execute(counts) if row[0]})
    found = _nearest(session, search, reason, limit)
    return counted, list(_explained(session, search, now, found))


def edge_of(session: Session, search: Frame, few: Collection[int] | None = None) -> list[int]:
    """The ids near the edge of the affected circle that the geodesic finds inside it.

    With `few`, only those of them.
    """
    area = search.need.affected
    doubtful = perhaps_inside(area, search.place) if area else None
    if area is None or doubtful is None:
        return []
    place = search.place
    rows = session.execute(
        select(Expert.id, place.lat, place.lon, Expert.country)
        .select_from(search.source)
        .where(doubtful, true() if few is None else Expert.id.in_(few))
    )
    return [who for who, lat, lon, country in rows if is_inside(area, lat, lon, country)]


def _reason(search: Frame, edge: Collection[int], asked: Collection[int]) -> ColumnElement[str]:
    held = conditions(search, edge)
    if asked:
        held[terms.ASKED] = Expert.id.not_in(sorted(asked))
    against = ((not_(condition), why) for why, condition in held.items())
    return case(*against, else_=null()).label("reason")


def _nearest(
    session: Session, search: Frame, reason: ColumnElement[str], limit: int
) -> list[tuple[float, int, str]]:
    need, place = search.need, search.place
    chord_sq = search.chord_sq.label("chord_sq")
    known = or_(Expert.status.in_(terms.VETTED), Expert.validated_at.is_not(None))
    statement = (
        select(chord_sq, place.lat, place.lon, Expert.id, reason)
        .select_from(search.source)
        .where(and_(known, reason.is_not(None)))
        .order_by(chord_sq, Expert.id)
    )
    size = max(FIRST_BATCH, GROWTH * limit)
    while True:
        rows = session.execute(statement.limit(size)).all()
        placed = [Placed(chord, lat, lon, (who, why)) for chord, lat, lon, who, why in rows]
        result = nearest_exact(placed, (need.lat, need.lon), limit)
        if not result.exhausted or len(rows) < size:
            return [(km, who, why) for km, (who, why) in result.found][:limit]
        size *= GROWTH


def _explained(
    session: Session, search: Frame, now: datetime, found: Collection[tuple[float, int, str]]
) -> Iterator[Exclusion]:
    ids = [who for _, who, _ in found]
    known = profiles(session, ids, now, busy=search.busy, load=search.load)
    names = session.execute(select(Expert.id, Expert.public_id).where(Expert.id.in_(ids)))
    public = {row.id: row.public_id for row in names}
    for km, who, why in found:
        detail = detail_of(why, known[who], search.need, now)
        yield Exclusion(who, public[who], km, why, detail)
