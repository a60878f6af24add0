"""The roster as HR reads it: found by name, filtered, in pages. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from roster.claims import counts_at
from roster.models import Absence, Expert, ExpertLanguage, SkillClaim
from roster.searching import found_by

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What HR looks for; empty means any. `available` is `yes`, `no` or empty."""

    text: str = ""
    status: str = ""
    region: str = ""
    skill: str = ""
    language: str = ""
    available: str = ""


@dataclass(frozen=True)
class Page:
    """One page of the list; `number` and `pages` count from 1."""

    experts: list[Expert]
    number: int
    pages: int
    total: int


def list_experts(
    session: Session, filters: Filters, now: datetime, number: int = 1, size: int = PAGE
) -> Page:
    """Page `number` of those who match `filters`, by name."""
    wanted = and_(*_conditions(filters, now))
    total = session.scalar(select(func.count()).select_from(Expert).where(wanted)) or 0
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    rows = select(Expert).where(wanted).order_by(Expert.name, Expert.id)
    found = session.scalars(rows.limit(size).offset((number - 1) * size)).all()
    return Page(list(found), number, pages, total)


def count_by_status(session: Session) -> dict[str, int]:
    """How many there are in each state."""
    rows = session.execute(select(Expert.status, func.count()).group_by(Expert.status))
    return {row[0]: row[1] for row in rows}


def is_away(now: datetime) -> ColumnElement[bool]:
    """Whether an absence of the expert covers `now`."""
    return Expert.id.in_(
        select(Absence.expert_id).where(
            Absence.starts_at <= now, or_(Absence.ends_at.is_(None), Absence.ends_at > now)
        )
    )


def _conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Expert.erased_at.is_(None)]
    if filters.text:
        found.append(found_by(filters.text))
    if filters.status:
        found.append(Expert.status == filters.status)
    if filters.region:
        found.append(Expert.region == filters.region)
    if filters.skill:
        holders = select(SkillClaim.expert_id).where(
            SkillClaim.skill == filters.skill, counts_at(now)
        )
        found.append(Expert.id.in_(holders))
    if filters.language:
        speakers = select(ExpertLanguage.expert_id).where(ExpertLanguage.code == filters.language)
        found.append(Expert.id.in_(speakers))
    if filters.available:
        found.append(~is_away(now) if filters.available == "yes" else is_away(now))
    return found
