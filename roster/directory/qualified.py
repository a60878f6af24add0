"""Those who pass every filter, as the database sees them: where they are, and their rank."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, and_, case, cast, func, literal, not_, select
from sqlalchemy.orm import Session

from roster.claims import counts_on
from roster.directory.asked import Form, asked, form_of, slots, values
from roster.directory.filters import conditions, is_quiet, speaks
from roster.directory.frame import Frame, Rows, clock_matters, frame, frame_of
from roster.directory.given import ids_for, is_one_of, kind_of, slot
from roster.directory.where import surely_outside
from roster.directory.zones import minutes_of
from roster.models import Expert, SkillClaim
from roster.rules import terms
from roster.rules.suitability import is_inside
from roster.rules.terms import Need


@dataclass(frozen=True)
class Qualified:
    """One qualified expert as the database sees them; `rank` comes before the distance."""

    id: int
    lat: float
    lon: float
    country: str
    chord_sq: float
    load: int
    rank: tuple[int, ...] = ()


@dataclass
class Sieve:
    """The filters of one search. `exclude` are ids not to be asked again."""

    session: Session
    need: Need
    now: datetime
    busy: Rows
    load: Rows
    exclude: Collection[int]

    def few(self, ids: Sequence[int]) -> list[Qualified]:
        """Those of `ids` who pass, in no order."""
        passed, area = set(self.exclude), self.need.affected
        wanted = [one for one in ids if one not in passed]
        told, kind = asked(self.need, self.now), kind_of(self.session)
        given = {**values(told), "ids": ids_for(kind, wanted)}
        if self._has_clock:
            given["zones"] = minutes_of(self.session, wanted, self.now)
        statement = _for_few(kind, form_of(told), self._has_clock, self.busy, self.load)
        rows = self.session.connection().execute(statement, given).all()
        found = [_read(row) for row in rows]
        return [one for one in found if area is None or is_outside(one, area)]

    def first(self, size: int) -> list[Qualified]:
        """The first `size` of everybody who passes, by rank and ascending chord."""
        search = frame(self.session, self.need, self.now, busy=self.busy, load=self.load)
        ranks = _ranks(search) if self.need.mode == terms.REMOTE else []
        statement = _statement(search, *ranks).limit(size)
        best_first = (rank.desc() for rank in ranks)
        statement = statement.order_by(*best_first, search.chord_sq, Expert.id)
        if self.exclude:
            statement = statement.where(Expert.id.not_in(sorted(self.exclude)))
        rows = self.session.execute(statement)
        return [_read(row) for row in rows]

    @cached_property
    def _has_clock(self) -> bool:
        return clock_matters(self.session, self.need)


def is_outside(row: Qualified, area: terms.Area) -> bool:
    """Whether somebody is not in `area`: the database lets those near the edge of a circle pass."""
    return surely_outside(area, row.lat, row.lon) or not is_inside(
        area, row.lat, row.lon, row.country
    )


def _read(row: Row[*tuple[Any, ...]]) -> Qualified:
    return Qualified(row[0], row[1], row[2], row[3], row[4], row[5], tuple(row[6:]))


@lru_cache(maxsize=200)
def _for_few(kind: str, form: Form, has_clock: bool, busy: Rows, load: Rows) -> Rows:
    """Built once for each form of need: with slots for its values, for `ids` and for `zones`."""
    zones = slot("zones") if has_clock else None
    search = frame_of(kind, slots(form), zones, busy=busy, load=load, is_for_few=True)
    return _statement(search).where(is_one_of(kind, Expert.id))


def _statement(search: Frame, *ranks: ColumnElement[int]) -> Rows:
    columns = (
        Expert.id,
        search.place.lat,
        search.place.lon,
        Expert.country,
        search.chord_sq,
        search.missions,
        *ranks,
    )
    return select(*columns).select_from(search.source).where(*conditions(search).values())


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
