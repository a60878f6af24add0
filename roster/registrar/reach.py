"""Whether and how an expert can be reached: STOP and START, phones that fail, one-way phones."""

from datetime import datetime

from sqlalchemy.orm import Session

from roster.models import Expert
from roster.registrar.news import tell

SYSTEM = "system"


def opt_out(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """The expert said STOP: nothing is offered to them until they opt in again."""
    if expert.opted_out_at is None:
        expert.opted_out_at = now
        tell(session, expert, "opted_out", actor=actor, now=now)


def opt_in(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """The expert said START; a phone that the carriers had refused is tried again."""
    if expert.opted_out_at is not None or expert.sms_failed_at is not None:
        expert.opted_out_at = expert.sms_failed_at = None
        tell(session, expert, "opted_in", actor=actor, now=now)


def mark_sms_failed(
    session: Session, expert: Expert, now: datetime, *, actor: str = SYSTEM
) -> None:
    """The carriers refuse texts to this phone for good; calls and mails remain."""
    if expert.sms_failed_at is None:
        expert.sms_failed_at = now
        tell(session, expert, "sms_failed", actor=actor, now=now)


def mark_one_way(session: Session, expert: Expert, now: datetime, *, actor: str = SYSTEM) -> None:
    """Texts to this phone cannot be answered: it gets the link, and a call."""
    if expert.two_way:
        expert.two_way = False
        tell(session, expert, "one_way", actor=actor, now=now)
