"""Tells the duty officers, once, when the provider cannot be reached; and when it can again."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import db, writing
from dispatch import incidents
from dispatch.messages import tell_duty_officers
from dispatch.messages.recipients import settings
from dispatch.models import Attempt
from dispatch.outbox import caps
from dispatch.outbox.due import QUEUED
from dispatch.outbox.reconcile import GAVE_UP, LIMBO
from dispatch.outbox.sender import hold_sender
from dispatch.outbox.settle import TRIES_BEFORE_MAIL
from dispatch.wording.duty import UNREACHABLE

KEY = "provider:unreachable"
RECENT = timedelta(minutes=10)


def look_at_the_weather(now: datetime) -> None:
    """Opens or settles the incidents about the provider and the spend, as the rows have it."""
    bad = _is_bad(db.session(), now)
    known = incidents.find(db.session(), KEY) is not None
    if bad != known:
        with writing() as session:
            _note(session, bad, now)
    if incidents.find(db.session(), caps.SPEND_KEY) is not None:
        with writing() as session:
            _note_spend(session, now)


def _is_bad(session: Session, now: datetime) -> bool:
    """Whether texts wait that were tried in vain several times, or whose outcome nobody knows."""
    in_vain = select(Attempt.id).where(Attempt.status == QUEUED, Attempt.tries >= TRIES_BEFORE_MAIL)
    unknown = select(Attempt.id).where(
        LIMBO, Attempt.error == GAVE_UP, Attempt.claimed_at > now - RECENT
    )
    return any(session.scalar(query.limit(1)) is not None for query in (in_vain, unknown))


def _note(session: Session, bad: bool, now: datetime) -> None:
    if not bad:
        incidents.settle(session, KEY, now)
    elif incidents.record(session, KEY, UNREACHABLE, now):
        tell_duty_officers(session, None, UNREACHABLE, now)


def _note_spend(session: Session, now: datetime) -> None:
    if hold_sender(session, settings().twilio_sender, now).spent < caps.most_per_day():
        incidents.settle(session, caps.SPEND_KEY, now)
