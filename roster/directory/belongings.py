"""What belongs to experts beside their own columns, read in one statement for all of them.

Five lists of theirs, and what dispatch knows: seats taken, a live offer. Each is a part of one
UNION ALL, whose columns mean something else in each part; `_PUT` says what.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.db import Base, UTCDateTime
from roster.directory.frame import Rows
from roster.models import Absence, Conflict, ExpertLanguage, SkillClaim, WeeklyHours
from roster.rules.terms import Away, Hours

LANGUAGE, CLAIM, CONFLICT, ABSENCE, WEEKLY, SEATS, OFFER = "lkcawso"
# The columns of every part and their types; a part leaves those empty that it has nothing for.
SHAPE: dict[str, Any] = {
    "word": String, "number": Integer, "start": Integer, "end": Integer,
    "since": UTCDateTime, "until": UTCDateTime, "day": Date,
}  # fmt: skip


@dataclass
class Belongings:
    """What one expert has; `claims` are (code, level, last day on which it counts)."""

    languages: list[str] = field(default_factory=list)
    claims: list[tuple[str, int, date | None]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    weekly: list[Hours] = field(default_factory=list)
    missions: int = 0
    offered: bool = False


def belongings_of(
    session: Session, ids: Collection[int], *, busy: Rows, load: Rows
) -> dict[int, Belongings]:
    """Those of each of `ids`, read past the ORM: whoever has just read them has flushed as well.

    `busy` selects the ids of experts with a live offer, `load` (id, seats taken).
    """
    found = {who: Belongings() for who in ids}
    for row in session.execute(_everything(busy, load), {"ids": list(found)}):
        _PUT[row.part](found[row.who], row)
    return found


# Built once for each pair of selects, of which dispatch has one.
@lru_cache(maxsize=4)
def _everything(busy: Rows, load: Rows) -> CompoundSelect[Any]:
    languages, claims, conflicts, absences, weekly = (
        _columns(table) for table in (ExpertLanguage, SkillClaim, Conflict, Absence, WeeklyHours)
    )
    seats, live = list(load.subquery("seats").c), list(busy.subquery("live").c)
    return union_all(
        _part(LANGUAGE, languages.expert_id, word=languages.code),
        _part(
            CLAIM, claims.expert_id, word=claims.skill, number=claims.level, day=claims.valid_until
        ),
        _part(CONFLICT, conflicts.expert_id, word=conflicts.code),
        _part(ABSENCE, absences.expert_id, since=absences.starts_at, until=absences.ends_at),
        _part(WEEKLY, weekly.expert_id, number=weekly.weekday, start=weekly.start, end=weekly.end),
        _part(SEATS, seats[0], number=seats[1]),
        _part(OFFER, live[0]),
    )


def _columns(table: type[Base]) -> Any:
    return table.__table__.c


def _part(part: str, who: ColumnElement[int], **columns: ColumnElement[Any]) -> Rows:
    filled = (columns.get(name, cast(null(), type_)).label(name) for name, type_ in SHAPE.items())
    named = literal_column(f"'{part}'", String).label("part")
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return select(named, who.label("who"), *filled).where(who.in_(ids))


def _set_missions(has: Belongings, row: Row[Any]) -> None:
    has.missions = row.number


def _set_offered(has: Belongings, _row: Row[Any]) -> None:
    has.offered = True


_PUT: dict[str, Callable[[Belongings, Row[Any]], None]] = {
    LANGUAGE: lambda has, row: has.languages.append(row.word),
    CLAIM: lambda has, row: has.claims.append((row.word, row.number, row.day)),
    CONFLICT: lambda has, row: has.conflicts.append(row.word),
    ABSENCE: lambda has, row: has.away.append(Away(row.since, row.until)),
    WEEKLY: lambda has, row: has.weekly.append(Hours(row.number, row.start, row.end)),
    SEATS: _set_missions,
    OFFER: _set_offered,
}
