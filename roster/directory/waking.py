"""When the clock will next make somebody available whom nothing else speaks against."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from roster.directory.excluded import edge_of
from roster.directory.filters import at_this_time, conditions
from roster.directory.frame import Frame, Rows, frame
from roster.directory.profiles import rhythm_of
from roster.models import Absence, Expert, WeeklyHours
from roster.rules import availability
from roster.rules.terms import Need, Rhythm


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

    An absence ends, a day begins. `busy`, `load`, `exclude`: see `nearest`.
    """
    search = frame(session, need, now, busy=busy, load=load)
    times = {availability.next_available(rhythm, need.hours, now)
             for rhythm in _rhythms(session, search, exclude)}  # fmt: skip
    return min((moment for moment in times if moment is not None), default=None)


def _rhythms(session: Session, search: Frame, exclude: Collection[int]) -> Iterator[Rhythm]:
    waiting = _waiting(session, search, exclude)
    special = or_(
        exists().where(WeeklyHours.expert_id == Expert.id),
        exists().where(
            Absence.expert_id == Expert.id,
            or_(Absence.ends_at.is_(None), Absence.ends_at > search.now),
        ),
    )
    # Thousands sleep in the same few rhythms; only calendars of their own are read one by one.
    plain = select(Expert.time_zone, Expert.quiet_from, Expert.quiet_until).distinct()
    for zone, start, end in session.execute(_where(plain, search, waiting, not_(special))):
        yield Rhythm(zone, quiet=None if start is None else (start, end))
    own = _where(select(Expert), search, waiting, special).execution_options(yield_per=500)
    yield from {rhythm_of(expert) for expert in session.scalars(own)}


def _where(statement: Rows, search: Frame, *held: ColumnElement[bool]) -> Rows:
    return statement.select_from(search.source).where(*held)


def _waiting(session: Session, search: Frame, exclude: Collection[int]) -> ColumnElement[bool]:
    held = conditions(search, edge_of(session, search))
    passing = at_this_time(search)
    lasting = [condition for why, condition in held.items() if why not in passing]
    return and_(*lasting, not_(and_(*passing.values())), Expert.id.not_in(sorted(exclude)))
