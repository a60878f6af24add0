"""How well the roster covers the world: per region, kind of crisis and language.

Counts only; who is busy is said by dispatch, which hands in its selects. Who counts is what
`roster.directory` says, so that the board and a search never disagree.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
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
REGION, SKILL, LANGUAGE = "region", "skill", "language"
Key = tuple[str, str, str]
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
    """Everybody who is qualified at `now`, counted in one statement whatever their number.

    `busy` selects the ids of experts with a live offer, `load` (id, seats taken).
    """
    regions = session.scalars(select(Region.code).order_by(Region.code)).all()
    leads = lead_skills(session)
    found = _count(session, {*leads.values()}, now, busy=busy, load=load)
    matrix = {
        (region, kind): found.get((SKILL, skill, region), Count())
        for region in regions
        for kind, skill in leads.items()
    }
    return Tally(
        {code: found.get((REGION, code, code), Count()) for code in regions},
        {kind: sum((matrix[code, kind] for code in regions), Count()) for kind in leads},
        {code: found.get((LANGUAGE, code, code), Count()) for code in LANGUAGES},
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


def _count(
    session: Session, skills: Iterable[str], now: datetime, *, busy: Rows, load: Rows
) -> dict[Key, Count]:
    """The counts by (what is divided, code, region), in one statement over those who are qualified.

    The outer joins keep it to these alone, however many others there are: what has no code is of
    those who have none, and nobody asks for it. A claim that ends soon is expiring, too.
    """
    those = _qualified(session, now, busy, load)
    ends = those.c.valid_until < now.astimezone(UTC).date() + SOON
    claim = and_(SkillClaim.expert_id == those.c.id, is_led(skills, now))
    claim_ends = SkillClaim.valid_until < now.astimezone(UTC).date() + SOON
    spoken = and_(ExpertLanguage.expert_id == those.c.id, ExpertLanguage.code.in_(list(LANGUAGES)))

    def counted(
        word: str, *keys: Any, source: FromClause, ends: ColumnElement[bool]
    ) -> Select[Any]:
        numbers = func.count(), func.sum(those.c.deployable), func.sum(case((ends, 1), else_=0))
        key = literal(word), keys[0].label("code"), keys[-1].label("region")
        return select(*key, *numbers).select_from(source).group_by(*keys)

    each = union_all(
        counted(REGION, those.c.region, source=those, ends=ends),
        counted(
            SKILL, SkillClaim.skill, those.c.region,
            source=those.outerjoin(SkillClaim, claim), ends=or_(ends, claim_ends),
        ),
        counted(
            LANGUAGE, ExpertLanguage.code,
            source=those.outerjoin(ExpertLanguage, spoken), ends=ends,
        ),
    )  # fmt: skip
    rows = session.execute(each)
    return {(row[0], row[1], row[2]): Count(*map(int, row[3:])) for row in rows}


def _qualified(session: Session, now: datetime, busy: Rows, load: Rows) -> CTE:
    search = frame(session, ANYTHING, now, busy=busy, load=load)
    held = conditions(search)
    del held[terms.NO_SCOPE]  # a need that is nowhere is in nobody's country or region
    deployable = case((and_(*held.values()), 1), else_=0).label("deployable")
    people = select(Expert.id, Expert.region, Expert.valid_until, deployable)
    return people.select_from(search.source).where(is_qualified(now)).cte("those")


def _parts(count: Count) -> tuple[int, int, int]:
    return count.qualified, count.deployable_now, count.expiring_90_days
