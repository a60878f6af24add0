"""Which skill claims count at a moment: as a condition of the database, and for loaded rows.

A claim may rest on a certificate, and does not outlive it. Nobody else reads `valid_until` of one.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import BindParameter, ColumnElement, or_

from roster.models import Expert, SkillClaim


def counts_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a claim counts on `day` (UTC): it has no last day, or that is not over."""
    return or_(SkillClaim.valid_until.is_(None), SkillClaim.valid_until >= day)


def counts_at(now: datetime) -> ColumnElement[bool]:
    """Whether a claim counts at `now`."""
    return counts_on(now.astimezone(UTC).date())


def skills_at(expert: Expert, now: datetime) -> dict[str, int]:
    """The levels by code that count at `now`."""
    ended = ended_at(expert, now)
    return {claim.skill: claim.level for claim in expert.skills if claim.skill not in ended}


def ended_at(expert: Expert, now: datetime) -> dict[str, date]:
    """The claims that no longer count at `now`: code and the last day on which they did."""
    return ended_among(((claim.skill, claim.valid_until) for claim in expert.skills), now)


def ended_among(claims: Iterable[tuple[str, date | None]], now: datetime) -> dict[str, date]:
    """The same of claims given as code and last day."""
    today = now.astimezone(UTC).date()
    return {code: last for code, last in claims if last is not None and last < today}
