"""The tables that a search joins, and the columns that follow from them. Filters nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Select, String, Subquery, func, literal, select
from sqlalchemy.orm import Session

from roster.directory.asked import Asked, Slot, asked
from roster.directory.given import kind_of
from roster.directory.where import Here, here
from roster.directory.zones import minutes_by_zone, zone_table
from roster.models import Expert, WeeklyHours
from roster.rules.availability import DAY
from roster.rules.terms import Need

# A select of whatever columns; its docstring says which.
Rows: TypeAlias = Select[*tuple[Any, ...]]
ANY_HOURS = select(WeeklyHours.id).limit(1)
ANYTHING = Need(0.0, 0.0, ())


@dataclass(frozen=True)
class Frame:
    """One search: what is asked, when, and where the database looks.

    `told` is the need and the moment, or slots for them. `source` is the FROM clause, a row per
    expert; `missions` counts seats taken; `busy` selects ids of experts with a live offer, `load`
    (id, seats taken). `minute` is the local minute of the week, None when no expert's clock
    matters to this need. `is_for_few`: the caller says which few experts it is about.
    """

    need: Need
    told: Asked
    busy: Rows
    load: Rows
    place: Here
    source: FromClause
    missions: ColumnElement[int]
    minute: ColumnElement[int] | None
    is_for_few: bool = False

    @property
    def minute_of_day(self) -> ColumnElement[int]:
        """The local minute since midnight; only where `minute` is known."""
        if self.minute is None:
            raise ValueError("this search does not know the local time")
        return self.minute % DAY

    @property
    def chord_sq(self) -> ColumnElement[float]:
        """The squared chord from the need to each expert."""
        return self.place.chord_sq(self.told.centre)


def frame(
    session: Session,
    need: Need,
    now: datetime,
    *,
    busy: Rows,
    load: Rows,
    is_for_few: bool = False,
) -> Frame:
    """The frame of a search for `need` at `now`; `busy` and `load` come from dispatch.

    `busy` selects expert ids; `load` selects (expert id, seats taken), a row per expert at most.
    """
    zones = None
    if clock_matters(session, need):
        zones = literal(minutes_by_zone(session, now), String)
    told, taken = asked(need, now), {"busy": busy, "load": load}
    return frame_of(kind_of(session), told, zones, need, **taken, is_for_few=is_for_few)


def frame_of(
    kind: str,
    told: Asked,
    zones: Slot | None,
    need: Need = ANYTHING,
    *,
    busy: Rows,
    load: Rows,
    is_for_few: bool = False,
) -> Frame:
    """A frame for this `kind` of database, from what it is `told`. `zones`: `minutes_by_zone`."""
    seats: Subquery = load.subquery("seats")
    expert_id, taken = list(seats.c)[:2]
    source: FromClause = Expert.__table__.outerjoin(seats, expert_id == Expert.id)
    minute: ColumnElement[int] | None = None
    if zones is not None:
        local = zone_table(kind, zones)
        source = source.outerjoin(local, local.c.zone == Expert.time_zone)
        minute = func.coalesce(local.c.minute, -1)
    place, missions = here(told.now), func.coalesce(taken, 0)
    return Frame(need, told, busy, load, place, source, missions, minute, is_for_few)


def clock_matters(session: Session, need: Need) -> bool:
    """Whether anybody's local time decides if they are asked for `need`, or when."""
    if need.hours != "any" or need.mode == "remote":
        return True
    if session.autoflush:
        session.flush()
    return session.connection().scalar(ANY_HOURS) is not None
