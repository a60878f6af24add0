"""Records what the machine could not finish, for the duty board; once while it is open.

Tells nobody by itself: `record` says whether it is new, and the caller tells the duty officers.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core import audit
from core.accounts.models import User
from core.inserting import for_kind, unless_there
from dispatch.models import Incident

STILL_OPEN = text("cleared_at IS NULL")
OPEN = unless_there(Incident, Incident.id, index_elements=["key"], index_where=STILL_OPEN)


def record(
    session: Session,
    key: str,
    kind: str,
    now: datetime,
    *,
    request_id: int | None = None,
    attempt_id: int | None = None,
    **detail: Any,
) -> bool:
    """Opens the incident `key` of `kind`; False when it is open already, and then nothing changes.

    `detail` is JSON without names or phones: it is shown on the board.
    """
    values = {
        "key": key, "kind": kind, "at": now, "request_id": request_id, "attempt_id": attempt_id,
        "detail": detail,
    }  # fmt: skip
    session.flush()
    if session.connection().execute(for_kind(session, OPEN), values).one_or_none() is None:
        return False
    audit.record(session, actor="system", action=f"incident.{kind}", subject=f"incident:{key}"[:60],
                 now=now, **detail)  # fmt: skip
    return True


def find(session: Session, key: str) -> Incident | None:
    """The open incident `key`."""
    return session.scalar(select(Incident).where(Incident.key == key, STILL_OPEN))


def clear(session: Session, incident: Incident, *, by: User, now: datetime) -> None:
    """A duty officer has dealt with `incident`."""
    incident.cleared_at, incident.cleared_by = now, by.id
    _note(session, incident.key, by.public_id, now)


def settle(session: Session, key: str, now: datetime) -> bool:
    """The trouble `key` is over by itself; False when it was not open."""
    closed = session.execute(
        update(Incident)
        .where(Incident.key == key, STILL_OPEN)
        .values(cleared_at=now)
        .returning(Incident.id)
    ).one_or_none()
    if closed is None:
        return False
    _note(session, key, "system", now)
    return True


def _note(session: Session, key: str, actor: str, now: datetime) -> None:
    audit.record(
        session, actor=actor, action="incident.cleared", subject=f"incident:{key}"[:60], now=now
    )
