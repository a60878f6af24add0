"""The caps (I13): so many messages a day to one number, so many segments and calls in all.

A program that has gone wild, or somebody who wants to bombard a phone, ends here. Nothing is sent
over a cap; the duty officers are told once.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import incidents
from dispatch.messages import tell_duty_officers
from dispatch.models import Attempt
from dispatch.rules import terms
from dispatch.wording.duty import NUMBER_CAP, SPEND_CAP

A_DAY = timedelta(days=1)
PER_NUMBER, PER_DAY = 200, 50_000
NOT_SPENT = (terms.QUEUED, terms.DROPPED)
SPEND_KEY = "cap:spend"


def most_per_number() -> int:
    """Messages and calls to one number within 24 hours (config MESSAGES_PER_NUMBER)."""
    return int(current_app.config.get("MESSAGES_PER_NUMBER", PER_NUMBER))


def most_per_day() -> int:
    """Segments and calls in all on one UTC day (config SEGMENTS_PER_DAY)."""
    return int(current_app.config.get("SEGMENTS_PER_DAY", PER_DAY))


def sent_of_late(session: Session, numbers: Collection[str], now: datetime) -> Counter[str]:
    """How many messages and calls each of `numbers` has had within 24 hours."""
    query = (
        select(Attempt.to, func.count())
        .where(Attempt.to.in_(numbers), Attempt.queued_at > now - A_DAY)
        .where(Attempt.status.not_in(NOT_SPENT), Attempt.channel != terms.EMAIL)
        .group_by(Attempt.to)
    )
    return Counter(dict(session.execute(query).all()))


def report_number(session: Session, attempt: Attempt, now: datetime) -> None:
    """Puts on the duty board that no more is sent to the number of `attempt`."""
    key = f"cap:number:{attempt.expert_id or attempt.public_id}"
    if incidents.record(
        session, key, NUMBER_CAP, now, request_id=attempt.request_id, attempt_id=attempt.id
    ):
        tell_duty_officers(session, None, NUMBER_CAP, now)


def report_spend(session: Session, now: datetime) -> None:
    """Puts on the duty board that nothing more is sent today."""
    if incidents.record(session, SPEND_KEY, SPEND_CAP, now, limit=most_per_day()):
        tell_duty_officers(session, None, SPEND_CAP, now)
