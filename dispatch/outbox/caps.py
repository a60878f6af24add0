"""The caps (I13): so many messages a day to one number, so many segments and calls in all.

A program that has gone wild, or somebody who wants to bombard a phone, ends here. Nothing is sent
over a cap; the duty officers are told once. They themselves are never cut off: over the cap a
phone of theirs still gets a text from time to time, whose link leads to the board with the rest.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.throttle import key_of
from dispatch import incidents
from dispatch.messages import tell_duty_officers
from dispatch.messages.recipients import duty_officers, settings
from dispatch.models import Attempt
from dispatch.rules import terms
from dispatch.wording.duty import NUMBER_CAP, OFFICER_CAP, SPEND_CAP

A_DAY = timedelta(days=1)
NEXT_TO_OFFICER = timedelta(minutes=15)  # over the cap
NOT_SPENT = (terms.QUEUED, terms.DROPPED)
SPEND_KEY = "cap:spend"


def most_per_number() -> int:
    """Messages and calls to one number within 24 hours (setting MESSAGES_PER_NUMBER)."""
    return settings().limits.messages_per_number


def most_per_day() -> int:
    """Segments and calls in all on one UTC day (setting SEGMENTS_PER_DAY)."""
    return settings().limits.segments_per_day


def sent_of_late(
    session: Session, numbers: Collection[str], now: datetime, within: timedelta = A_DAY
) -> Counter[str]:
    """How many messages and calls were taken up for each of `numbers` of late; 24 hours."""
    query = (
        select(Attempt.to, func.count())
        .where(Attempt.to.in_(numbers), Attempt.queued_at > now - A_DAY)
        .where(Attempt.status.not_in(NOT_SPENT), Attempt.channel != terms.EMAIL)
        .group_by(Attempt.to)
    )
    if within < A_DAY:
        query = query.where(Attempt.claimed_at > now - within, Attempt.status != terms.FAILED)
    return Counter(dict(session.execute(query).all()))


def spared(session: Session, full: Iterable[Attempt], now: datetime) -> set[int]:
    """The ids of those of `full`, over the cap, that leave all the same: the first to each duty
    officer's phone that has had nothing for a while.
    """
    numbers = {attempt.to for attempt in full} & _duty_numbers(session)
    had = sent_of_late(session, numbers, now, NEXT_TO_OFFICER) if numbers else Counter()
    first = {attempt.to: attempt.id for attempt in reversed(list(full))}
    return {first[number] for number in numbers if not had[number]}


def report_number(session: Session, attempt: Attempt, now: datetime) -> None:
    """Puts on the duty board, once, that no more is sent to the number of `attempt`."""
    kind = OFFICER_CAP if attempt.to in _duty_numbers(session) else NUMBER_CAP
    if incidents.record(
        session, key_of("cap:number", attempt.to), kind, now,
        request_id=attempt.request_id, attempt_id=attempt.id,
    ):  # fmt: skip
        tell_duty_officers(session, None, kind, now)


def report_spend(session: Session, now: datetime) -> None:
    """Puts on the duty board that nothing more is sent today."""
    if incidents.record(session, SPEND_KEY, SPEND_CAP, now, limit=most_per_day()):
        tell_duty_officers(session, None, SPEND_CAP, now)


def _duty_numbers(session: Session) -> set[str]:
    return {officer.phone for officer in duty_officers(session)} - {""}
