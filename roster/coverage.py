"""How well the roster covers the world: per region, kind of crisis and language.

Counts only; who is busy is said by dispatch, which hands in its selects.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from core.reference.models import CrisisKind, Region
from roster.claims import counts_at
from roster.listing import is_away
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules import terms

SOON = timedelta(days=90)
Rows = Select[*tuple[Any, ...]]


def count_coverage(session: Session, now: datetime, *, busy: Rows, load: Rows) -> dict[str, Any]:
    """For each region, kind (by its lead skill at level 2) and UN language: who is there.

    `qualified` are vetted and valid; `deployable_now` are also here, reachable and free;
    `expiring_90_days` are qualified but not for long.
    """
    regions = session.scalars(select(Region.code).order_by(Region.code)).all()
    kinds = session.execute(select(CrisisKind.code, CrisisKind.lead_skill).order_by("position"))
    counted = _Counter(session, now, busy, load)
    return {
        "regions": [{"region": code, **counted.among(Expert.region == code)} for code in regions],
        "kinds": [
            {"kind": code, "skill": skill, **counted.among(_can(skill, now))}
            for code, skill in kinds
        ],
        "languages": [{"language": code, **counted.among(_speaks((code,)))} for code in LANGUAGES],
    }


class _Counter:
    """Counts three ways among any of the experts, at one moment."""

    def __init__(self, session: Session, now: datetime, busy: Rows, load: Rows) -> None:
        self._session = session
        today = now.date()
        self._qualified = and_(Expert.status.in_(terms.VETTED), Expert.valid_until >= today)
        self._expiring = and_(self._qualified, Expert.valid_until < today + SOON)
        seats = load.subquery("seats")
        expert_id, taken = list(seats.c)[:2]
        full = select(expert_id).join(Expert, Expert.id == expert_id)
        self._deployable = and_(
            self._qualified,
            Expert.opted_out_at.is_(None),
            or_(Expert.phone != "", Expert.email != ""),
            ~is_away(now),
            Expert.max_missions > 0,
            Expert.id.not_in(busy),
            Expert.id.not_in(full.where(taken >= Expert.max_missions)),
        )

    def among(self, some: ColumnElement[bool]) -> dict[str, int]:
        """The three counts among those for whom `some` holds."""
        return {
            "qualified": self._count(self._qualified, some),
            "deployable_now": self._count(self._deployable, some),
            "expiring_90_days": self._count(self._expiring, some),
        }

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(Expert).where(*conditions)
        return self._session.scalar(counted) or 0


def _can(skill: str, now: datetime) -> ColumnElement[bool]:
    holders = select(SkillClaim.expert_id).where(
        SkillClaim.skill == skill, SkillClaim.level >= terms.DEFAULT_LEVEL, counts_at(now)
    )
    return Expert.id.in_(holders)


def _speaks(codes: Iterable[str]) -> ColumnElement[bool]:
    return Expert.id.in_(
        select(ExpertLanguage.expert_id).where(ExpertLanguage.code.in_(list(codes)))
    )
