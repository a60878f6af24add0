"""All the filters of one search: from a page of a list, or from everybody, those who pass, where
they are, and their rank.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from roster.claims import counts_on
from roster.directory.asked import Asked, Form, asked, form_of, slots, values
from roster.directory.filters import conditions, has_row, is_quiet, speaks
from roster.directory.frame import Frame, Rows, frame, frame_of
from roster.directory.given import ids_for, is_one_of, kind_of, slot
from roster.directory.where import is_outside_circle
from roster.directory.written import rows_of
from roster.directory.zones import minutes_of
from roster.models import Expert, SkillClaim, WeeklyHours
from roster.rules import terms
from roster.rules.geodesy import chord_sq, unit_vector
from roster.rules.terms import Need


class Qualified(NamedTuple):
    """One qualified expert as the database sees them; `rank` comes before the distance."""

    id: int
    lat: float
    lon: float
    chord_sq: float
    load: int
    rank: tuple[int, ...] = ()


class Page(NamedTuple):
    """A page of a list: those who pass, by ascending chord, how many were looked at, the greatest
    squared chord at which one of them is posted, and of how many postings they are the nearest.

    `held` is counted no further than was asked for. Where it reaches that, there are more, and
    those who were looked at need not be the nearest: look again, within less.
    """

    passed: list[Qualified]
    read: int
    farthest_sq: float
    held: int


@dataclass
class Sieve:
    """The filters of one search. `exclude` are ids not to be asked again."""

    session: Session
    need: Need
    now: datetime
    busy: Rows
    load: Rows
    exclude: Collection[int]

    @cached_property
    def told(self) -> Asked:
        """The need and the moment, as the database is told of them."""
        return asked(self.need, self.now)

    def page(self, reading: Rows, given: Mapping[str, Any]) -> Page:
        """Reads a list and passes it through every filter, in one statement.

        `reading` selects (expert id, squared chord of their posting, of how many), told of
        `given` and of the need. The clock is asked only about those for whom it matters.
        """
        form = replace(form_of(self.told), hours="any")
        statement = _of_page(kind_of(self.session), form, self.busy, self.load, reading)
        rows = rows_of(self.session, statement, {**values(self.told), **given})
        found = [row for row in rows if row.passes and row.id not in self.exclude]
        clocked = [row.id for row in found if row.has_hours or self.need.hours != "any"]
        passed = [self._read(row[4:]) for row in found if row.id not in clocked]
        passed = self._outside([*passed, *self._on_time(clocked)])
        passed.sort(key=lambda one: (one.chord_sq, one.id))
        farthest = max((row.posted for row in rows), default=0.0)
        return Page(passed, len(rows), farthest, int(rows[0].held) if rows else 0)

    def _on_time(self, ids: Sequence[int]) -> list[Qualified]:
        """Those of `ids` who pass every filter, that of their own clock included."""
        if not ids:
            return []
        kind = kind_of(self.session)
        zones = minutes_of(self.session, ids, self.now)
        given = {**values(self.told), "ids": ids_for(kind, ids), "zones": zones}
        statement = _on_clock(kind, form_of(self.told), self.busy, self.load)
        return [self._read(row) for row in rows_of(self.session, statement, given)]

    def first(self, size: int) -> tuple[list[Qualified], bool]:
        """The first of everybody who passes, by rank and ascending chord, up to `size`; and
        whether there are no more.
        """
        search = frame(self.session, self.need, self.now, busy=self.busy, load=self.load)
        ranks = _ranks(search) if self.need.mode == terms.REMOTE else []
        statement = _statement(search, *ranks).limit(size)
        best_first = (rank.desc() for rank in ranks)
        statement = statement.order_by(*best_first, search.chord_sq, Expert.id)
        if self.exclude:
            statement = statement.where(Expert.id.not_in(sorted(self.exclude)))
        rows = self.session.execute(statement).all()
        return self._outside([self._read(row) for row in rows]), len(rows) < size

    def _outside(self, rows: list[Qualified]) -> list[Qualified]:
        """Those who are not affected: the database lets some near the edge of a circle pass."""
        area = self.need.affected
        if area is None:
            return rows
        return [one for one in rows if is_outside_circle(area, one.lat, one.lon)]

    def _read(self, row: Sequence[Any]) -> Qualified:
        who, lat, lon, load, *rank = row
        away = chord_sq(self._here, unit_vector(lat, lon))
        return Qualified(who, lat, lon, away, load, tuple(rank))

    @cached_property
    def _here(self) -> tuple[float, float, float]:
        return unit_vector(self.need.lat, self.need.lon)


# Both are built once for each form of need, with slots for its values.


@lru_cache(maxsize=500)
def _of_page(kind: str, form: Form, busy: Rows, load: Rows, reading: Rows) -> Rows:
    """All of a page: whether they pass (but for the clock), and whether they have hours set."""
    page = reading.subquery("page")
    search = frame_of(kind, slots(form), None, busy=busy, load=load, is_for_few=True)
    who, posted, held = list(page.c)
    passes = and_(*conditions(search).values()).label("passes")
    own_hours = has_row(search, WeeklyHours.expert_id).label("has_hours")
    whole = page.join(search.source, Expert.id == who)
    told = posted.label("posted"), held.label("held"), passes, own_hours
    return select(*told, *_columns(search)).select_from(whole)


@lru_cache(maxsize=200)
def _on_clock(kind: str, form: Form, busy: Rows, load: Rows) -> Rows:
    search = frame_of(kind, slots(form), slot("zones"), busy=busy, load=load, is_for_few=True)
    return _statement(search).where(is_one_of(kind, Expert.id))


def _statement(search: Frame, *ranks: ColumnElement[int]) -> Rows:
    columns = select(*_columns(search), *ranks).select_from(search.source)
    return columns.where(*conditions(search).values())


def _columns(search: Frame) -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    """Those of `Qualified` but the chord."""
    place = search.place
    return Expert.id, place.lat, place.lon, search.missions


def _ranks(search: Frame) -> list[ColumnElement[int]]:
    need, awake = search.need, not_(is_quiet(search))
    first, last = (hour * 60 for hour in terms.WAKING_HOURS)
    minute = search.minute_of_day
    awake = case((Expert.quiet_from.is_(None), and_(minute >= first, minute < last)), else_=awake)
    own = speaks(search, [need.own_language]) if need.own_language else literal(0)
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
            counts_on(search.told.today),
        )
        .correlate(Expert)
        .scalar_subquery()
    )
