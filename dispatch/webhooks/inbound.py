"""Takes in a text, by its webhook or from the provider's list: each has an outcome (I11).

What it means is for `answers` to say.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now as clock_now
from core.db import db, writing
from core.i18n import DEFAULT
from dispatch import answers
from dispatch.channels import sms
from dispatch.messages import answer_text
from dispatch.messages.recipients import settings
from dispatch.models import InboundMessage
from dispatch.outbox.reconcile import UNREADABLE
from dispatch.outbox.send import client_of
from dispatch.outbox.sender import hold_sender
from roster.models import Expert

log = logging.getLogger(__name__)
LONGEST = 5_000  # characters that are kept of a text
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(minutes=5)  # texts may be listed later than newer ones


@dataclass(frozen=True)
class Text:
    """A text that came in, under the provider's SID."""

    sid: str
    sender: str
    recipient: str
    body: str


def take_in(text: Text, received_at: datetime) -> str | None:
    """Records `text`, received then (UTC), and acts on it; returns what to answer, None if nothing.

    Raises SQLAlchemyError when it could not be stored: then nothing of it is kept.
    """
    with writing() as session:
        return answers.record_reply(
            session, text.sid, text.sender, text.recipient, text.body, received_at=received_at
        )


def clean(body: str) -> str:
    """A text as it is kept: of a sane length, and without NUL, which PostgreSQL does not take."""
    return body[:LONGEST].replace("\x00", "\N{REPLACEMENT CHARACTER}")


def fetch_lost() -> int:
    """Takes in the texts whose webhook never came, from the provider's list; returns how many.

    Received is when we get to know of it. At the very first time only a mark is set: what came
    before this database was made is not for us.
    """
    start, until = _listed()
    try:
        listed = sms.received(
            client_of(current_app), settings().twilio_sender, until - OVERLAP if until else None
        )
    except UNREADABLE as error:
        log.warning("texts were not listed", extra={"fault": type(error).__name__})
        return 0
    ours = [held for held in listed if start and held.created_at and held.created_at > start]
    lost = _unknown([held.sid for held in ours])
    for held in reversed(ours):
        if held.sid in lost:
            _take_in_late(Text(held.sid, held.sender, held.to, clean(held.body)))
    _mark(max((held.created_at for held in listed if held.created_at), default=until or BEGINNING))
    return len(lost)


def _take_in_late(text: Text) -> None:
    received_at = clock_now()
    with writing() as session:
        if not _unknown([text.sid]):
            return  # its webhook, or another worker, was quicker
        answer = take_in(text, received_at)
        stored = select(InboundMessage.received_at).where(InboundMessage.sid == text.sid)
        if answer and session.scalar(stored) == received_at:  # taken in by nobody but us
            answer_text(session, text.sender, answer, _language_of(session, text), received_at)


def _language_of(session: Session, text: Text) -> str:
    return session.scalar(select(Expert.language).where(Expert.phone == text.sender)) or DEFAULT


def _listed() -> tuple[datetime | None, datetime | None]:
    with writing() as session:
        sender = hold_sender(session, settings().twilio_sender, clock_now(session))
        return sender.listed_from, sender.listed_until


def _mark(newest: datetime) -> None:
    with writing() as session:
        sender = hold_sender(session, settings().twilio_sender, clock_now(session))
        if sender.listed_from is None:
            sender.listed_from = newest
        if sender.listed_until is None or newest > sender.listed_until:
            sender.listed_until = newest


def _unknown(sids: list[str]) -> set[str]:
    known = db.session().scalars(select(InboundMessage.sid).where(InboundMessage.sid.in_(sids)))
    return set(sids) - set(known)
