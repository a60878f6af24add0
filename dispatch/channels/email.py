"""Mails: left in core's queue, in the claim's own transaction, so that no outcome is unknown."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.mail import queue_mail
from dispatch.models import Attempt
from dispatch.rules import terms


def leave_mail(session: Session, attempt: Attempt, now: datetime) -> None:
    """Hands `attempt` over to the mail queue, which sends it after the commit."""
    queue_mail(session, to=attempt.to, subject=attempt.subject, body=attempt.body, now=now)
    attempt.status, attempt.sent_at = terms.SENT, now
