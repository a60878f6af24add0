"""Forgets a person in all that dispatch keeps: a hook of `roster.registrar.on_erased`.

Offers and missions stay, as rows under ids. Whoever is on a mission is not forgotten.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from core.erasing import Traces, empty_audit
from dispatch.case import hold
from dispatch.models import (
    Attempt,
    CalendarFeed,
    CrisisRequest,
    Decision,
    InboundMessage,
    Incident,
    Mission,
    Offer,
)
from dispatch.rules import terms
from dispatch.transitions import move_offer
from roster.models import Expert
from roster.registrar import refuse_on_mission

WAITING = (terms.QUEUED, terms.SENDING, terms.UNKNOWN)
ERASED = "erased"
# Texts of others in which somebody may be named.
MENTIONS = (
    CrisisRequest.summary, CrisisRequest.end_reason, Offer.end_reason, Offer.chosen_reason,
    InboundMessage.body, InboundMessage.answer,
)  # fmt: skip


def forget_expert(
    session: Session, expert: Expert, traces: Traces, actor: str, now: datetime
) -> None:
    """Ends what `expert` is asked and empties every row about them.

    Raises roster.registrar.ErasureRefusedError while they are on a mission.
    """
    _end_offers(session, expert, actor, now)
    active = select(Mission.id).where(
        Mission.expert_id == expert.id, Mission.status.in_(terms.ACTIVE)
    )
    if session.scalar(active.limit(1)) is not None:  # looked at after the requests are held
        raise refuse_on_mission()
    texts = select(InboundMessage).where(_of(InboundMessage, "sender", expert, traces))
    received = session.scalars(texts).all()
    _empty_incidents(session, expert, traces, [text.sid for text in received])
    for text in received:
        text.sender = text.body = text.answer = ""
    _empty_attempts(session, expert, traces, now)
    _empty_offers(session, expert)
    _blank_mentions(session, traces)
    _empty_decisions(session, expert.public_id)
    _empty_audit(session, expert, traces)
    session.execute(delete(CalendarFeed).where(CalendarFeed.expert_id == expert.id))


def _end_offers(session: Session, expert: Expert, actor: str, now: datetime) -> None:
    """The next one is asked as soon as the worker reads the roster's news."""
    live = select(Offer).where(Offer.expert_id == expert.id, Offer.status == terms.OPEN)
    for offer in session.scalars(live).all():
        hold(session, offer.request_id)
        session.refresh(offer)
        if offer.status == terms.OPEN:
            move_offer(session, offer, terms.WITHDRAWN, actor=actor, now=now, reason=ERASED)
    session.flush()


def _of(table: Any, address: str, expert: Expert, traces: Traces) -> Any:
    """Rows to or from the person, by their id, or by one of their addresses."""
    return or_(table.expert_id == expert.id, getattr(table, address).in_(traces.words))


def _empty_attempts(session: Session, expert: Expert, traces: Traces, now: datetime) -> None:
    for attempt in session.scalars(select(Attempt).where(_of(Attempt, "to", expert, traces))):
        attempt.to = attempt.subject = attempt.body = attempt.error = ""
        if attempt.status == terms.QUEUED:
            attempt.status, attempt.ended_at = terms.DROPPED, now
    session.flush()
    named = or_(traces.in_column(Attempt.body), traces.in_column(Attempt.subject))
    for attempt in session.scalars(select(Attempt).where(named)):
        waits = attempt.status in WAITING
        attempt.body = traces.blanked(attempt.body) if waits else ""
        attempt.subject = traces.blanked(attempt.subject) if waits else ""


def _empty_offers(session: Session, expert: Expert) -> None:
    empty = {"facts": {}, "end_reason": "", "chosen_reason": ""}
    session.execute(update(Offer).where(Offer.expert_id == expert.id).values(empty))


def _blank_mentions(session: Session, traces: Traces) -> None:
    """Takes them out of what others have written down."""
    for column in MENTIONS:
        for row in session.scalars(select(column.class_).where(traces.in_column(column))).unique():
            setattr(row, column.key, traces.blanked(getattr(row, column.key)))


def _empty_decisions(session: Session, expert: str) -> None:
    """Their place in what was looked at stays, with nothing that was known of them."""
    about = Traces((), (expert,))
    places = (Decision.candidates, Decision.excluded)
    for row in session.scalars(select(Decision).where(or_(*map(about.in_column, places)))):
        row.candidates = _without(row.candidates, expert, "facts")
        if row.excluded is not None:
            nearest = _without(row.excluded.get("nearest", []), expert, "detail")
            row.excluded = {**row.excluded, "nearest": nearest}


def _without(rows: list[dict[str, Any]], expert: str, key: str) -> list[dict[str, Any]]:
    return [{**row, key: {}} if row.get("expert") == expert else row for row in rows]


def _empty_incidents(
    session: Session, expert: Expert, traces: Traces, sids: Collection[str]
) -> None:
    """Also dead letters: texts of theirs that could not be read."""
    attempts = select(Attempt.id).where(_of(Attempt, "to", expert, traces))
    about = or_(
        Incident.attempt_id.in_(attempts), traces.in_column(Incident.detail),
        Incident.key.in_([f"text:{sid}"[:80] for sid in sids]),
    )  # fmt: skip
    session.execute(update(Incident).where(about).values(detail={}))


def _empty_audit(session: Session, expert: Expert, traces: Traces) -> None:
    """Why their offers and missions ended may be somebody's words about them."""
    rows = (
        ("offer", select(Offer.public_id).where(Offer.expert_id == expert.id)),
        ("mission", select(Mission.public_id).where(Mission.expert_id == expert.id)),
    )
    subjects = [f"{kind}:{one}" for kind, query in rows for one in session.scalars(query)]
    empty_audit(session, traces, subjects)
