"""Brings the reference rows up to what ships, and leaves alone what people have edited."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.reference import shipped
from core.reference.models import (
    CrisisKind,
    Editable,
    KindSkill,
    Language,
    Office,
    ReferenceStamp,
    Region,
    Service,
    Skill,
)

STAMP = "reference"
WEIGHTS = ("R", "D")


def load_reference(session: Session, _now: datetime) -> str:
    """A loader of `core.upgrading`: all but the towns, which are many (`core.gazetteer`)."""
    digest = shipped.digest()
    stamp = session.get(ReferenceStamp, STAMP)
    if stamp and stamp.digest == digest:
        return ""
    session.merge(ReferenceStamp(name=STAMP, digest=digest))
    counts = {
        "regions": _load(session, Region, shipped.rows("regions")),
        "languages": _load(session, Language, shipped.rows("languages")),
        "skills": _load(session, Skill, _numbered(shipped.rows("skills"))),
        "crisis kinds": _load_kinds(session),
        "services": _load(session, Service, _numbered(shipped.rows("services"))),
        "offices": _load(session, Office, shipped.offices()),
    }
    return f"Reference rows: {', '.join(f'{count} {name}' for name, count in counts.items())}."


def apply(row: Editable, values: Mapping[str, Any], *, but: Iterable[str] = ()) -> list[str]:
    """Sets columns of `row`, leaving out those named in `but`; returns the names of the changed."""
    kept = set(but)
    changed = [
        column
        for column, value in values.items()
        if column not in kept and getattr(row, column) != value
    ]
    for column in changed:
        setattr(row, column, values[column])
    return changed


def _load(session: Session, model: type[Any], rows: Iterable[Mapping[str, Any]]) -> int:
    present = {row.code: row for row in session.scalars(select(model))}
    count = 0
    for values in rows:
        row = present.get(values["code"])
        if row is None:
            session.add(model(**values))
        else:
            apply(row, values, but=row.edited)
        count += 1
    session.flush()
    return count


def _load_kinds(session: Session) -> int:
    rows = _numbered(shipped.rows("kinds"))
    skills = {row["code"]: row.pop("skills") for row in rows}
    count = _load(session, CrisisKind, rows)
    for kind in session.scalars(select(CrisisKind).where(CrisisKind.code.in_(skills))):
        if "skills" not in kind.edited:
            replace_skills(session, kind.code, skills[kind.code])
    return count


def replace_skills(session: Session, kind: str, skills: Mapping[str, Iterable[str]]) -> None:
    """Makes `skills`, such as `{"R": ["LEG"], "D": ["TRN"]}`, all that the kind `kind` wants."""
    session.execute(delete(KindSkill).where(KindSkill.kind == kind))
    session.add_all(
        KindSkill(kind=kind, skill=skill, weight=weight)
        for weight in WEIGHTS
        for skill in skills.get(weight, ())
    )
    session.flush()


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"position": position} for position, row in enumerate(rows, 1)]
