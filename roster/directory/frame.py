"""The tables that a search joins, and the columns that follow from them. Filters nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import CTE, ColumnElement, FromClause, Select, Subquery, func, select
from sqlalchemy.orm import Session

from roster.directory.where import Here, here
from roster.directory.zones import minutes_by_zone, zone_table
from roster.models import Expert, WeeklyHours
from roster.rules.availability import DAY
from roster.rules.terms import Need

# A select of whatever columns; its docstring says which.
Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Frame:
    """One search: what is asked, when, and where the database looks.

    `source` is the FROM clause, a row per expert; `missions` counts seats taken; `busy` selects
    ids of experts with a live offer, `load` (id, seats taken). `minute` is the local minute of
    the week, None when no expert's clock matters to this need.
    """

    need: Need
    now: datetime
    busy: Rows
    load: Rows
    place: Here
    source: FromClause
    missions: ColumnElement[int]
    minute: ColumnElement[int] | None

    @property
    def minute_of_day(self) -> ColumnElement[int]:
        """The local minute since midnight; only where `minute` is known."""
        if self.minute is None:
            raise ValueError("this search does not know the local time")
        return self.minute % DAY

    @property
    def chord_sq(self) -> ColumnElement[float]:
        """The squared chord from the need to each expert."""
        return self.place.chord_sq(self.need.lat, self.need.lon)


def frame(session: Session, need: Need, now: datetime, *, busy: Rows, load: Rows) -> Frame:
    """The frame of a search for `need` at `now`; `busy` and `load` come from dispatch.

    `busy` selects expert ids; `load` selects (expert id, seats taken), a row per expert at most.
    """
    seats: Subquery = load.subquery("seats")
    expert_id, taken = list(seats.c)[:2]
    source: FromClause = Expert.__table__.outerjoin(seats, expert_id == Expert.id)
    minute: ColumnElement[int] | None = None
    if _clock_matters(session, need):
        local: CTE = zone_table(session, minutes_by_zone(session, now))
        source = source.outerjoin(local, local.c.zone == Expert.time_zone)
        minute = func.coalesce(local.c.minute, -1)
    return Frame(need, now, busy, load, here(now), source, func.coalesce(taken, 0), minute)


def _clock_matters(session: Session, need: Need) -> bool:
    if need.hours != "any" or need.mode == "remote":
        return True
    return session.scalar(select(WeeklyHours.id).limit(1)) is not None
