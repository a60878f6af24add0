"""Everything that is stored of one person, as plain values: what they may ask for at any time.

Floors above hand in what they keep (`add_collector`). What others said in confidence, and who they
are, is theirs and stays out.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.accounts.models import User
from core.db import Base
from roster import models
from roster.models import Expert, Reference, VettingCase, VettingStep
from roster.trust.history import read_history

Collected = dict[str, Any]
Collector = Callable[[Session, Expert], Collected]
COLLECTORS = "trust_collectors"
# Rows that are the person's own, each under the name that it has in the download.
OWN: dict[str, InstrumentedAttribute[Any]] = {
    "languages": models.ExpertLanguage.expert_id,
    "skills": models.SkillClaim.expert_id,
    "conflicts_of_interest": models.Conflict.expert_id,
    "absences": models.Absence.expert_id,
    "weekly_hours": models.WeeklyHours.expert_id,
    "certificates": models.Certificate.expert_id,
    "papers": models.Paper.expert_id,
    "applications": models.Application.expert_id,
    "phone_proofs": models.PhoneProof.expert_id,
    "reminders": models.Reminder.expert_id,
    "notices": models.Notice.expert_id,
    "evaluations": models.Evaluation.expert_id,
    "vetting_cases": models.VettingCase.expert_id,
}
# Numbers of rows and of other people's accounts, unit vectors, names of files on our disk, secrets.
LEFT_OUT = frozenset({
    "id", "expert_id", "user_id", "case_id", "paper_id", "application_id", "nomination_id", "by",
    "owner_id", "decided_by", "reviewer_id", "vetted_by", "approved_by", "appeal_of",
    "look_at", "x", "y", "z", "present_x", "present_y", "present_z", "stored_as", "code_digest",
})  # fmt: skip
IN_CONFIDENCE = frozenset({"answers", "recommends", "comment", "evidence"})
# What vetters wrote for each other, and offices for vetters.
FOR_COLLEAGUES = {
    "person": {"evidence"}, "vetting_cases": {"comment"}, "evaluations": {"comment"},
}  # fmt: skip


def add_collector(app: Flask, collector: Collector) -> None:
    """Adds what `collector` finds of a person to every download of `app`."""
    _collectors(app).append(collector)


def collect(session: Session, expert: Expert) -> Collected:
    """All that is stored of `expert`, ready for JSON: times are ISO 8601 in UTC."""
    found: Collected = {"person": plain_row(expert, LEFT_OUT | FOR_COLLEAGUES["person"])}
    for name, column in OWN.items():
        rows = session.scalars(select(column.class_).where(column == expert.id)).unique()
        hidden = LEFT_OUT | FOR_COLLEAGUES.get(name, set())
        found[name] = [plain_row(row, hidden) for row in rows]
    found |= _examined(session, expert)
    found["account"] = _account(session, expert)
    found["seen_and_changed"] = [
        {"at": _plain(one.at), "who": one.who, "what": one.what}
        for one in read_history(session, expert, for_themself=True)
    ]
    for collector in _collectors(current_app):
        found |= collector(session, expert)
    return found


def plain_row(row: Base, left_out: frozenset[str] = LEFT_OUT) -> Collected:
    """The columns of `row` but for `left_out`, ready for JSON."""
    columns = inspect(row).mapper.column_attrs
    return {one.key: _plain(getattr(row, one.key)) for one in columns if one.key not in left_out}


def _examined(session: Session, expert: Expert) -> Collected:
    """What was found, without who said it and what they said in confidence."""
    cases = select(VettingCase.id).where(VettingCase.expert_id == expert.id)
    rows: dict[str, Any] = {"findings": VettingStep, "references": Reference}
    hidden = LEFT_OUT | IN_CONFIDENCE
    return {
        name: [
            plain_row(row, hidden)
            for row in session.scalars(select(table).where(table.case_id.in_(cases))).unique()
        ]
        for name, table in rows.items()
    }


def _account(session: Session, expert: Expert) -> Collected | None:
    user = session.get(User, expert.user_id) if expert.user_id is not None else None
    if user is None:
        return None
    told = ("email", "name", "phone", "language", "active", "invited_at", "confirmed_at")
    return {name: _plain(getattr(user, name)) for name in (*told, "created_at")}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _collectors(app: Flask) -> list[Collector]:
    return cast("list[Collector]", app.extensions.setdefault(COLLECTORS, []))
