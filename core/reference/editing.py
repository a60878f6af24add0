"""How a person changes a reference row: the change is marked, so that no upgrade undoes it, and
audited in its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.reference.loading import WEIGHTS, apply, replace_skills
from core.reference.models import CrisisKind, KindSkill

SKILLS = "skills"  # what a kind wants is in rows of its own, and edited with the kind


def edit(
    session: Session, row: Any, values: Mapping[str, Any], *, actor: str, now: datetime
) -> list[str]:
    """Sets columns of `row`, a reference row, to `values`; returns the names of those changed."""
    before = current(session, row, values)
    changed = [column for column, value in values.items() if before[column] != value]
    if not changed:
        return []
    apply(row, {column: values[column] for column in changed if column in _columns(row)})
    if isinstance(row, CrisisKind) and SKILLS in changed:
        replace_skills(session, row.code, values[SKILLS])
    row.edited = sorted({*row.edited, *changed})
    audit.record(
        session, actor=actor, action="reference.edited",
        subject=f"{row.__tablename__}:{row.code}", now=now,
        before={column: before[column] for column in changed},
        after={column: values[column] for column in changed},
    )  # fmt: skip
    return changed


def add(
    session: Session, row: Any, values: Mapping[str, Any], *, actor: str, now: datetime
) -> None:
    """Stores the new reference row `row` (its code is set) with `values`."""
    apply(row, {column: value for column, value in values.items() if column in _columns(row)})
    row.edited = sorted(values)
    session.add(row)
    session.flush()
    if isinstance(row, CrisisKind):
        replace_skills(session, row.code, values[SKILLS])
    audit.record(
        session, actor=actor, action="reference.added",
        subject=f"{row.__tablename__}:{row.code}", now=now, after=dict(values),
    )  # fmt: skip


def current(session: Session, row: Any, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored of `columns`; the skills of a kind as `{"R": […], "D": […]}`."""
    stored = {column: getattr(row, column) for column in columns if column in _columns(row)}
    if isinstance(row, CrisisKind) and SKILLS in columns:
        stored[SKILLS] = skills_of(session, row.code)
    return stored


def skills_of(session: Session, kind: str) -> dict[str, list[str]]:
    """The skills that the kind `kind` wants, by weight, each in the order of their codes."""
    rows = session.execute(
        select(KindSkill.weight, KindSkill.skill)
        .where(KindSkill.kind == kind)
        .order_by(KindSkill.skill)
    ).all()
    return {weight: [skill for its, skill in rows if its == weight] for weight in WEIGHTS}


def _columns(row: Any) -> frozenset[str]:
    return frozenset(row.__table__.columns.keys())
