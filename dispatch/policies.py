"""Escalation policies as rows: shipped defaults, and their JSON in and out.

An offer keeps the deadline it was given; only later offers follow an edited policy.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core import audit
from dispatch.models import EscalationPolicy
from dispatch.policy_file import KEYS, read_policies
from dispatch.rules.policy import Policy

SHIPPED = Path(__file__).parent / "data" / "policies.json"
POLICY = select(EscalationPolicy.__table__).where(
    EscalationPolicy.severity == bindparam("severity")
)


def policy_for(session: Session, severity: int) -> Policy:
    """The policy that holds for `severity` just now."""
    row = session.connection().execute(POLICY, {"severity": severity}).one()
    return Policy(
        reply_window_s=row.reply_window_s,
        waves=tuple(row.waves),
        duty_told_s=row.duty_told_s,
        specialist_told_s=row.specialist_told_s,
        hours=row.hours,
        channels=tuple(row.channels),
        second_channel_s=row.second_channel_s,
    )


def load_defaults(session: Session, now: datetime) -> str:
    """Brings the shipped policies in, leaving alone those that somebody has edited.

    A loader of core.upgrading: idempotent, returns a sentence or nothing.
    """
    edited = set(session.scalars(select(EscalationPolicy.severity).where(EscalationPolicy.edited)))
    rows = read_policies(SHIPPED.read_text("utf-8"))
    changed = [row for row in rows if row["severity"] not in edited and _store(session, row)]
    return _("%(count)d escalation policies loaded", count=len(changed)) if changed else ""


def export_policies(session: Session) -> str:
    """All policies as JSON, windows in seconds; goes back in through `import_policies`."""
    rows = session.scalars(select(EscalationPolicy).order_by(EscalationPolicy.severity))
    policies = [{key: getattr(row, key) for key in KEYS} for row in rows]
    return json.dumps({"policies": policies}, indent=2) + "\n"


def import_policies(session: Session, text: str, *, actor: str, now: datetime) -> int:
    """Stores the policies of `text` (JSON); severities that it leaves out stay as they are.

    Returns how many changed. Raises policy_file.BadPoliciesError, and then nothing is stored.
    """
    changed = [row for row in read_policies(text) if _store(session, row, edited=True)]
    for row in changed:
        audit.record(
            session, actor=actor, action="policy.edited", subject=f"policy:{row['severity']}",
            now=now, **row,
        )  # fmt: skip
    return len(changed)


def _store(session: Session, row: Mapping[str, Any], *, edited: bool = False) -> bool:
    policy = session.get(EscalationPolicy, row["severity"])
    if policy is None:
        session.add(EscalationPolicy(**row, edited=edited))
        return True
    if all(getattr(policy, key) == value for key, value in row.items()):
        return False
    for key, value in row.items():
        setattr(policy, key, value)
    policy.edited = policy.edited or edited
    return True
