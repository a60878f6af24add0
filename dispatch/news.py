"""Leaves word that an expert is free again: requests that found nobody are then searched anew.

Written down like the roster's own news, since a request that looked at the same moment must not
miss it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.wake import wake
from roster.models import RosterChange


def note_free(session: Session, expert_id: int, now: datetime) -> None:
    """The expert has lost an open offer or a seat."""
    session.add(RosterChange(expert_id=expert_id, at=now))
    wake(session)
