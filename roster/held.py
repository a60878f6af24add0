"""Whether the open transaction holds the row of any expert.

Whoever does must not wait for another's: two who did could wait for each other (PostgreSQL).
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, object_session

from core.facts import is_noted, note
from roster.models import Expert

HELD = "the row of an expert is held"


def note_held(session: Session) -> None:
    """An expert's row is locked, and stays so until the transaction ends."""
    note(session, HELD)


def holds_any(session: Session) -> bool:
    """Whether the transaction of `session` holds an expert's row, locked or changed."""
    return is_noted(session, HELD)


@event.listens_for(Expert, "after_update")
def _note_change(_mapper: Any, _connection: Connection, expert: Expert) -> None:
    session = object_session(expert)
    if session is not None:
        note_held(session)
