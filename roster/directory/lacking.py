"""What nobody on the roster has of what a need asks, whoever may go just now.

Skills and languages only: what else stands in somebody's way is theirs, and `excluded` tells it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.orm import Session

from roster.claims import counts_at
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules import terms
from roster.rules.terms import Need


@dataclass(frozen=True)
class Lack:
    """What is there in nobody: each of `skills` (code, least level); `together`: all skills in one
    person; `language`: any one of the languages; `both`: one of them in somebody with the skills.
    """

    skills: tuple[tuple[str, int], ...]
    together: bool
    language: bool
    both: bool


def lack_of(session: Session, need: Need, now: datetime) -> Lack:
    """What of `need` is missing among those who are qualified, and valid, at `now`."""
    has = [_has_skill(code, level, now) for code, level in need.skills]
    speaks = _speaks(need)
    looks = [*has, and_(true(), *has), speaks, and_(speaks, *has)]
    found = session.execute(select(*(_somebody(look, now) for look in looks))).one()
    *each, together, language, both = (not one for one in found)
    missing = tuple(
        skill for skill, is_missing in zip(need.skills, each, strict=True) if is_missing
    )
    return Lack(missing, together, language, both)


def _somebody(look: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    today = now.astimezone(UTC).date()
    on_roster = and_(Expert.status.in_(terms.VETTED), Expert.valid_until >= today)
    return exists().where(on_roster, look)


def _has_skill(code: str, level: int, now: datetime) -> ColumnElement[bool]:
    claim = and_(SkillClaim.skill == code, SkillClaim.level >= level, counts_at(now))
    return exists().where(SkillClaim.expert_id == Expert.id, claim).correlate(Expert)


def _speaks(need: Need) -> ColumnElement[bool]:
    if not need.languages:
        return true()
    spoken = ExpertLanguage.code.in_(sorted(need.languages))
    return exists().where(ExpertLanguage.expert_id == Expert.id, spoken).correlate(Expert)
