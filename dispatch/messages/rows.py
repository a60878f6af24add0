"""Messages as rows: all that one occasion leaves is written by one statement.

Nobody needs them as objects: the worker reads them when this transaction has committed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.wake import wake
from dispatch.models import Attempt
from dispatch.rules import terms
from dispatch.rules.segments import count

LEAVE = insert(Attempt)


def leave(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Leaves the messages `rows`, of `row_of`, to be sent after this transaction commits."""
    if not rows:
        return
    session.flush()  # what they refer to
    session.connection().execute(LEAVE, rows)
    wake(session)


def row_of(
    *,
    purpose: str,
    channel: str,
    to: str,
    language: str,
    body: str,
    priority: int,
    now: datetime,
    subject: str = "",
    due_at: datetime | None = None,
    offer_id: int | None = None,
    request_id: int | None = None,
    expert_id: int | None = None,
) -> dict[str, Any]:
    """The row of one message, to leave at `due_at` (UTC; `now` without it)."""
    return {
        "offer_id": offer_id, "request_id": request_id, "expert_id": expert_id,
        "purpose": purpose, "channel": channel, "to": to, "language": language,
        "subject": subject, "body": body, "priority": priority,
        "segments": count(body).segments if channel == terms.SMS else 1,
        "queued_at": now, "due_at": due_at or now, "status": terms.QUEUED, "tries": 0,
    }  # fmt: skip
