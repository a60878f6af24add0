"""Escalation policies as rows: shipped defaults, and their JSON in and out.

An offer keeps the deadline it was given; only later offers follow an edited policy.
"""

import json
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from dispatch.models import EscalationPolicy
from dispatch.rules.policy import Policy, PolicyError, as_row, read_policies, read_policy

SHIPPED = Path(__file__).parent / "data" / "policies.json"
COLUMNS = (
    "severity", "reply_window_s", "waves", "duty_told_s", "specialist_told_s", "hours",
    "channels", "second_channel_s",
)  # fmt: skip


def policy_for(session: Session, severity: int) -> Policy:
    """The policy that holds for `severity` just now."""
    row = session.get_one(EscalationPolicy, severity)
    return read_policy({name: getattr(row, name) for name in COLUMNS})[1]


def load_defaults(session: Session, now: datetime) -> str:
    """Brings the shipped policies in, leaving alone those that somebody has edited.

    A loader of core.upgrading: idempotent, returns a sentence or nothing.
    """
    edited = set(session.scalars(select(EscalationPolicy.severity).where(EscalationPolicy.edited)))
    policies = _read(SHIPPED.read_text("utf-8"))
    changed = [
        severity
        for severity, policy in policies.items()
        if severity not in edited and _store(session, severity, policy, edited=False)
    ]
    return _("%(count)d escalation policies loaded", count=len(changed)) if changed else ""


def export_policies(session: Session) -> str:
    """All policies as JSON, windows in seconds; goes back in through `import_policies`."""
    severities = session.scalars(
        select(EscalationPolicy.severity).order_by(EscalationPolicy.severity)
    )
    rows = [as_row(severity, policy_for(session, severity)) for severity in severities.all()]
    return json.dumps({"policies": rows}, indent=2) + "\n"


def import_policies(session: Session, text: str, *, actor: str, now: datetime) -> int:
    """Stores the policies of `text` (JSON); severities that it leaves out stay as they are.

    Returns how many changed. Raises PolicyError naming the fault, and then nothing is stored.
    """
    changed = {
        severity: policy
        for severity, policy in _read(text).items()
        if _store(session, severity, policy, edited=True)
    }
    for severity, policy in changed.items():
        audit.record(
            session, actor=actor, action="policy.edited", subject=f"policy:{severity}", now=now,
            **as_row(severity, policy),
        )  # fmt: skip
    return len(changed)


def _read(text: str) -> dict[int, Policy]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise PolicyError("policies", f"not JSON: {error}") from None
    return read_policies(given.get("policies") if isinstance(given, dict) else given)


def _store(session: Session, severity: int, policy: Policy, *, edited: bool) -> bool:
    row = session.get(EscalationPolicy, severity)
    wanted = as_row(severity, policy)
    if row is None:
        session.add(EscalationPolicy(**wanted, edited=edited))
        return True
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.edited = row.edited or edited
    return True
