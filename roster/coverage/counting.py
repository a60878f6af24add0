"""How well the roster covers the world: per region, kind of crisis and language.

Counts only; who is busy is said by dispatch, which hands in its selects. Who counts is what
`roster.directory` says, so that the board and a search never disagree.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from core.reference.models import CrisisKind, Region
from roster.claims import counts_at
from roster.directory.filters import conditions
from roster.directory.frame import Rows, frame
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules import terms
from roster.rules.terms import Need

SOON = timedelta(days=90)
NONE, NONE_NOW, ONE, ONE_NOW = "none", "none_now", "one", "one_now"
ALL_EXPIRE, ENOUGH = "all_expire", "enough"
STATES = (NONE, NONE_NOW, ONE, ONE_NOW, ALL_EXPIRE, ENOUGH)
ANYTHING = Need(0.0, 0.0, ())  # no place, no skill, no hour that protects


@dataclass(frozen=True)
class Count:
    """`qualified` are vetted and valid; `deployable_now` are also here, reachable and free;
    `expiring_90_days` are qualified but not for long."""

    qualified: int = 0
    deployable_now: int = 0
    expiring_90_days: int = 0

    @property
    def state(self) -> str:
        """What is to be said of it, the gravest first: a word of STATES."""
        for word, holds in (
            (NONE, self.qualified == 0),
            (NONE_NOW, self.deployable_now == 0),
            (ONE, self.qualified == 1),
            (ONE_NOW, self.deployable_now == 1),
            (ALL_EXPIRE, self.expiring_90_days == self.qualified),
        ):
            if holds:
                return word
        return ENOUGH

    def __add__(self, other: "Count") -> "Count":
        return Count(*(one + more for one, more in zip(_parts(self), _parts(other), strict=True)))


@dataclass(frozen=True)
class Tally:
    """The counts by region, kind, UN language, and region and kind; `leads` are lead skills."""

    regions: dict[str, Count]
    kinds: dict[str, Count]
    languages: dict[str, Count]
    matrix: dict[tuple[str, str], Count]
    leads: dict[str, str]


def count_coverage(session: Session, now: datetime, *, busy: Rows, load: Rows) -> dict[str, Any]:
    """The tally as the API gives it: for each region, kind (by its lead skill at level 2) and UN
    language, the three counts."""
    tally = count_everybody(session, now, busy=busy, load=load)
    return {
        "regions": [{"region": code, **asdict(one)} for code, one in tally.regions.items()],
        "kinds": [
            {"kind": code, "skill": tally.leads[code], **asdict(one)}
            for code, one in tally.kinds.items()
        ],
        "languages": [{"language": code, **asdict(one)} for code, one in tally.languages.items()],
    }


def count_everybody(session: Session, now: datetime, *, busy: Rows, load: Rows) -> Tally:
    """Everybody who is qualified at `now`, counted in three statements whatever their number.

    `busy` selects the ids of experts with a live offer, `load` (id, seats taken).
    """
    counter = _Counter(session, now, busy, load)
    regions = session.scalars(select(Region.code).order_by(Region.code)).all()
    leads = lead_skills(session)
    found = counter.by_region_and_skill({*leads.values()})
    matrix = {
        (region, kind): found.get((region, skill), Count())
        for region in regions
        for kind, skill in leads.items()
    }
    by_region, by_language = counter.by_region(), counter.by_language()
    return Tally(
        {code: by_region.get((code,), Count()) for code in regions},
        {kind: sum((matrix[code, kind] for code in regions), Count()) for kind in leads},
        {code: by_language.get((code,), Count()) for code in LANGUAGES},
        matrix,
        leads,
    )


def lead_skills(session: Session) -> dict[str, str]:
    """The lead skill of each kind of crisis, in the order of the kinds."""
    query = select(CrisisKind.code, CrisisKind.lead_skill)
    rows = session.execute(query.order_by(CrisisKind.position, CrisisKind.code))
    return {row[0]: row[1] for row in rows}


def is_qualified(now: datetime) -> ColumnElement[bool]:
    """Whether an expert is vetted and valid at `now`."""
    today = now.astimezone(UTC).date()
    return and_(Expert.status.in_(terms.VETTED), Expert.valid_until >= today)


def is_led(skills: Iterable[str], now: datetime) -> ColumnElement[bool]:
    """Whether a claim is one of `skills`, at the level of a lead, and counts at `now`."""
    able = SkillClaim.level >= terms.DEFAULT_LEVEL
    return and_(SkillClaim.skill.in_(sorted(skills)), able, counts_at(now))


class _Counter:
    """Counts three ways among any of the experts, at one moment."""

    def __init__(self, session: Session, now: datetime, busy: Rows, load: Rows) -> None:
        self._session, self._now = session, now
        self._soon = now.astimezone(UTC).date() + SOON
        self._frame = frame(session, ANYTHING, now, busy=busy, load=load)
        self._deployable = and_(*conditions(self._frame).values())

    def by_region(self) -> dict[tuple[str, ...], Count]:
        """The counts by (region,)."""
        return self._count([Expert.region], self._frame.source)

    def by_language(self) -> dict[tuple[str, ...], Count]:
        """The counts by (language,), for the six languages of the UN."""
        speakers = self._frame.source.join(ExpertLanguage, ExpertLanguage.expert_id == Expert.id)
        wanted = ExpertLanguage.code.in_(list(LANGUAGES))
        return self._count([ExpertLanguage.code], speakers, wanted)

    def by_region_and_skill(self, skills: Iterable[str]) -> dict[tuple[str, ...], Count]:
        """The counts by (region, lead skill); a claim that ends soon is expiring, too."""
        holders = self._frame.source.join(SkillClaim, SkillClaim.expert_id == Expert.id)
        ends = and_(SkillClaim.valid_until.is_not(None), SkillClaim.valid_until < self._soon)
        keys: list[Any] = [Expert.region, SkillClaim.skill]
        return self._count(keys, holders, is_led(skills, self._now), ends=ends)

    def _count(
        self,
        keys: list[Any],
        source: FromClause,
        *where: ColumnElement[bool],
        ends: ColumnElement[bool] | None = None,
    ) -> dict[tuple[str, ...], Count]:
        expiring: ColumnElement[bool] = Expert.valid_until < self._soon
        if ends is not None:
            expiring = or_(expiring, ends)
        counts = (func.count(), _how_many(self._deployable), _how_many(expiring))
        query = select(*keys, *counts).select_from(source)
        rows = self._session.execute(query.where(is_qualified(self._now), *where).group_by(*keys))
        width = len(keys)
        return {tuple(row[:width]): Count(*row[width:]) for row in rows}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)


def _parts(count: Count) -> tuple[int, int, int]:
    return count.qualified, count.deployable_now, count.expiring_90_days
