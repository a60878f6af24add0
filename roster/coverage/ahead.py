"""Which parts of the roster will be without anybody within the next 90 days, and from when on.

A part is a region, a kind of crisis (by its lead skill) or a language of the UN, as `region:AFR`,
`kind:CYB`, `language:ar`. Somebody is there while they are vetted and valid, have not said STOP,
are not known to be away, and their claim of the skill counts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from core.reference.models import Region
from roster.coverage.counting import SOON, is_led, is_qualified, lead_skills
from roster.models import Absence, Expert, ExpertLanguage, SkillClaim
from roster.rules.availability import end_of_day
from roster.rules.lapses import Span, first_lapse, presence, present
from roster.rules.terms import Away

REGION, KIND, LANGUAGE = "region", "kind", "language"
AT_ONCE = 500  # ids in one statement
NO_END = cast(null(), Date)
PEOPLE: FromClause = Expert.__table__


@dataclass(frozen=True)
class Lapse:
    """From `gap_on` (UTC) nobody is there; `left` are there now."""

    gap_on: date
    left: int


@dataclass(frozen=True)
class _Dimension:
    """One way to divide the roster: what stands in the database, and the parts that it means.

    `ends` is the last day of the membership itself, beside that of the expert.
    """

    parts: dict[str, list[str]]
    code: SQLColumnExpression[str]
    source: FromClause
    belongs: ColumnElement[bool]
    ends: SQLColumnExpression[Any]

    def members(self, *columns: SQLColumnExpression[Any], of: Collection[str]) -> Select[Any]:
        """The members of the parts that the codes `of` mean, as rows of `columns`."""
        wanted = and_(self.belongs, self.code.in_(sorted(of)))
        return select(*columns).select_from(self.source).where(wanted)


def lapses(session: Session, now: datetime) -> dict[str, Lapse | None]:
    """For each part what is coming within 90 days; None where somebody stays throughout.

    A code of whom one person is found who stays throughout is settled without the others.
    """
    found: dict[str, Lapse | None] = {}
    for dimension in _dimensions(session, now):
        settled = _settled(session, dimension, now)
        rest = {*dimension.parts} - settled
        spans = _spans(session, dimension, rest, now) if rest else {}
        for code, parts in dimension.parts.items():
            lapse = _lapse(spans.get(code, []), now) if code in rest else None
            found |= dict.fromkeys(parts, lapse)
    return found


def _lapse(spans: list[list[Span]], now: datetime) -> Lapse | None:
    moment = first_lapse((span for theirs in spans for span in theirs), now, now + SOON)
    if moment is None:
        return None
    return Lapse(moment.astimezone(UTC).date(), sum(present(theirs, now) for theirs in spans))


def _dimensions(session: Session, now: datetime) -> Iterator[_Dimension]:
    regions = session.scalars(select(Region.code).order_by(Region.code))
    yield _Dimension(
        {code: [f"{REGION}:{code}"] for code in regions}, Expert.region, PEOPLE, true(), NO_END
    )
    leads: dict[str, list[str]] = {}
    for kind, skill in lead_skills(session).items():
        leads.setdefault(skill, []).append(f"{KIND}:{kind}")
    yield _Dimension(
        leads,
        SkillClaim.skill,
        PEOPLE.join(SkillClaim, SkillClaim.expert_id == Expert.id),
        is_led(leads, now),
        SkillClaim.valid_until,
    )
    yield _Dimension(
        {code: [f"{LANGUAGE}:{code}"] for code in LANGUAGES},
        ExpertLanguage.code,
        PEOPLE.join(ExpertLanguage, ExpertLanguage.expert_id == Expert.id),
        true(),
        NO_END,
    )


def _settled(session: Session, dimension: _Dimension, now: datetime) -> set[str]:
    """The codes of which somebody is there throughout: the first one found will do."""
    until = now + SOON
    last = until.astimezone(UTC).date()
    away = select(Absence.id).where(Absence.expert_id == Expert.id, *_overlaps(now, until))
    stays = and_(
        is_qualified(until),
        Expert.opted_out_at.is_(None),
        ~away.correlate(Expert).exists(),
        or_(dimension.ends.is_(None), dimension.ends >= last),
    )
    found: set[str] = set()
    for code in dimension.parts:
        somebody = dimension.members(Expert.id, of=[code]).where(stays).limit(1)
        found |= {code} if session.scalar(somebody) else set()
    return found


def _spans(
    session: Session, dimension: _Dimension, codes: Collection[str], now: datetime
) -> dict[str, list[list[Span]]]:
    """For each code, for each of its people, when they are there within 90 days."""
    columns = (dimension.code, Expert.id, Expert.valid_until, dimension.ends)
    members = dimension.members(*columns, of=codes).where(
        is_qualified(now), Expert.opted_out_at.is_(None)
    )
    rows = session.execute(members).all()
    away = _absences(session, {row[1] for row in rows}, now)
    found: dict[str, list[list[Span]]] = {}
    for code, expert, valid, ends in rows:
        last = min(valid, ends) if ends else valid
        end = min(end_of_day(last, "UTC"), now + SOON)
        found.setdefault(code, []).append(presence(now, end, away.get(expert, [])))
    return found


def _absences(session: Session, experts: Collection[int], now: datetime) -> dict[int, list[Away]]:
    found: dict[int, list[Away]] = {}
    ids = sorted(experts)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = session.execute(
            select(Absence.expert_id, Absence.starts_at, Absence.ends_at).where(
                Absence.expert_id.in_(some), *_overlaps(now, now + SOON)
            )
        )
        for expert, begins, ends in rows:
            found.setdefault(expert, []).append(Away(begins, ends))
    return found


def _overlaps(now: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    unended = or_(Absence.ends_at.is_(None), Absence.ends_at > now)
    return Absence.starts_at < until, unended
