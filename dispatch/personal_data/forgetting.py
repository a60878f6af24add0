"""Forgets what dispatch keeps of people and need not any more: words go, rows stay for counting."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select, update
from sqlalchemy.orm import Session

from core.db import Base, db, writing
from dispatch.models import Attempt, Decision, InboundMessage, Incident
from dispatch.rules import terms
from roster.trust.retention import forget_old as forget_old_of_the_roster

YEAR = timedelta(days=365)
AT_ONCE = 200
OVER = (terms.DELIVERED, terms.FAILED, terms.SENT, terms.UNKNOWN, terms.DROPPED)
Old = Callable[[datetime], tuple[ColumnElement[bool], ...]]
# table, how long its words are kept, which rows still have some, and what is left of them.
KEPT: tuple[tuple[type[Base], timedelta, Old, dict[str, Any]], ...] = (
    (
        InboundMessage, YEAR,
        lambda before: (InboundMessage.sender > "", InboundMessage.received_at < before),
        {"sender": "", "body": "", "answer": ""},
    ),
    (
        Attempt, YEAR,
        lambda before: (Attempt.to > "", Attempt.queued_at < before, Attempt.status.in_(OVER)),
        {"to": "", "subject": "", "body": "", "error": ""},
    ),
    (
        Decision, 2 * YEAR,
        lambda before: (Decision.at < before, cast(Decision.candidates, String) != "[]"),
        {"candidates": [], "excluded": {}},
    ),
    (
        Incident, YEAR,
        lambda before: (Incident.cleared_at < before, cast(Incident.detail, String) != "{}"),
        {"detail": {}},
    ),
)  # fmt: skip


def forget_old(now: datetime) -> int:
    """Forgets all whose time is over at `now`, here and in the roster; returns how much."""
    done = sum(_empty(table, old(now - kept), left) for table, kept, old, left in KEPT)
    return done + forget_old_of_the_roster(now)


def _empty(table: Any, old: tuple[ColumnElement[bool], ...], left: dict[str, Any]) -> int:
    total = 0
    query = select(table.id).where(*old).limit(AT_ONCE)
    while db.session.scalar(query.limit(1)) is not None:
        with writing() as session:
            total += _empty_batch(session, table, query, left)
    return total


def _empty_batch(session: Session, table: Any, query: Any, left: dict[str, Any]) -> int:
    ids = session.scalars(query).all()
    session.execute(update(table).where(table.id.in_(ids)).values(left))
    return len(ids)
