"""When the clock will next make somebody available whom nothing else speaks against."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, and_, not_, or_, select
from sqlalchemy.orm import Session

from roster.directory.excluded import edge_of
from roster.directory.filters import at_this_time, conditions
from roster.directory.frame import Frame, Rows, frame
from roster.directory.lists import short_list
from roster.directory.snapshots import portions
from roster.models import Absence, Expert, WeeklyHours
from roster.rules import availability
from roster.rules.terms import Away, Hours, Need, Rhythm

FEW = 3_000


def next_available(
    session: Session,
    need: Need,
    now: datetime,
    *,
    busy: Rows,
    load: Rows,
    exclude: Collection[int] = (),
) -> datetime | None:
    """The next moment (UTC) at which the clock alone adds a candidate for `need`; None if never.

    An absence ends, a day begins. `busy`, `load`, `exclude`: see `nearest`. Costs as much as the
    shortest list of a skill and language has people; when all have more than FEW, a look at
    everybody.
    """
    few = short_list(session, need, FEW)
    if few is not None and not few:
        return None
    search = frame(session, need, now, busy=busy, load=load, is_for_few=few is not None)
    rows = session.execute(_waiting(session, search, exclude, few)).all()
    return _earliest(_rhythms(session, rows, now), need, now)


def _earliest(rhythms: Collection[Rhythm], need: Need, now: datetime) -> datetime | None:
    # Thousands share a rhythm, and whoever is away longest need not be looked at.
    back = [(availability.back_at(rhythm.away, now), rhythm) for rhythm in rhythms]
    returning = sorted(((at, rhythm) for at, rhythm in back if at is not None), key=itemgetter(0))
    earliest: datetime | None = None
    for at, rhythm in returning:
        if earliest is not None and earliest <= at:
            break
        moment = availability.next_available(rhythm, need.hours, now)
        if moment is not None and (earliest is None or moment < earliest):
            earliest = moment
    return earliest


def _waiting(
    session: Session, search: Frame, exclude: Collection[int], few: Collection[int] | None
) -> Rows:
    held = conditions(search, edge_of(session, search, few))
    passing = at_this_time(search)
    lasting = [condition for why, condition in held.items() if why not in passing]
    if few is not None:
        lasting.append(Expert.id.in_(few))
    return (
        select(Expert.id, Expert.time_zone, Expert.quiet_from, Expert.quiet_until)
        .select_from(search.source)
        .where(*lasting, not_(and_(*passing.values())), Expert.id.not_in(sorted(exclude)))
    )


def _rhythms(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> set[Rhythm]:
    away: dict[int, list[Away]] = defaultdict(list)
    weekly: dict[int, list[Hours]] = defaultdict(list)
    for ids in portions([row.id for row in rows]):
        for one in session.execute(_absences(ids, now)):
            away[one.expert_id].append(Away(one.starts_at, one.ends_at))
        for span in session.execute(_hours(ids)):
            weekly[span.expert_id].append(Hours(span.weekday, span.start, span.end))
    return {
        Rhythm(
            row.time_zone,
            tuple(away[row.id]),
            tuple(sorted(weekly[row.id])),
            None if row.quiet_from is None else (row.quiet_from, row.quiet_until),
        )
        for row in rows
    }


def _absences(ids: Sequence[int], now: datetime) -> Rows:
    lasting = or_(Absence.ends_at.is_(None), Absence.ends_at > now)
    columns = (Absence.expert_id, Absence.starts_at, Absence.ends_at)
    return select(*columns).where(Absence.expert_id.in_(ids), lasting)


def _hours(ids: Sequence[int]) -> Rows:
    columns = (WeeklyHours.expert_id, WeeklyHours.weekday, WeeklyHours.start, WeeklyHours.end)
    return select(*columns).where(WeeklyHours.expert_id.in_(ids))
