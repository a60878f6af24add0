"""Leaves word that an expert is free again: requests that found nobody are then searched anew.

Written down like the roster's own news. A request that looks at the same moment does not miss it:
who finds nobody looks once more after its commit (docs/adr/0006).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.wake import wake
from roster.models import RosterChange


def note_free(session: Session, expert_id: int, now: datetime) -> None:
    """The expert has lost an open offer or a seat, or has room left after saying yes."""
    session.add(RosterChange(expert_id=expert_id, at=now))
    wake(session)
