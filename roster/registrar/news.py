"""What every change of an expert leaves behind: an audit row, and news for dispatch as a row."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from core.wake import wake
from roster.models import Expert, RosterChange


def tell(
    session: Session, expert: Expert, action: str, *, actor: str, now: datetime, **payload: Any
) -> None:
    """Notes that `actor` did `expert.<action>`; `payload` is JSON and may name people.

    It also moves `updated_at`: the row is then locked against an offer that is being made at the
    same moment (`directory.is_deployable`).
    """
    expert.updated_at = now
    expert.look_at = now  # something else may fall due now
    subject = f"expert:{expert.public_id}"
    audit.record(
        session, actor=actor, action=f"expert.{action}", subject=subject, now=now, **payload
    )
    session.add(RosterChange(expert_id=expert.id, at=now))
    wake(session)
