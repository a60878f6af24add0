"""The caps (I13): so many messages a day to one number, so many segments and calls in all.

A program that has gone wild, or somebody who wants to bombard a phone, ends here. Nothing is sent
over a cap; the duty officers are told once. They themselves are never cut off: over the cap a
phone of theirs still gets a text from time to time, whose link leads to the board with the rest.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
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
OF_LATE = (
    select(Attempt.to, func.count())
    .where(Attempt.to.in_(bindparam("numbers", expanding=True)))
    .where(Attempt.queued_at > bindparam("since"))
    .where(Attempt.status.not_in(NOT_SPENT), Attempt.channel != terms.EMAIL)
    .group_by(Attempt.to)
)


def most_per_number() -> int:
    """Messages and calls to one number within 24 hours (setting MESSAGES_PER_NUMBER)."""
    return settings().limits.messages_per_number


def most_per_day() -> int:
    """Segments and calls in all on one UTC day (setting SEGMENTS_PER_DAY)."""
    return settings().limits.segments_per_day


def sent_of_late(session: Session, numbers: Collection[str], now: datetime) -> Counter[str]:
    """How many messages and calls were taken up for each of `numbers` within 24 hours."""
    if not numbers:
        return Counter()
    wanted = {"numbers": list(numbers), "since": now - A_DAY}
    return Counter(dict(session.execute(OF_LATE, wanted).all()))


def spared(session: Session, full: Iterable[Attempt], now: datetime) -> set[int]:
    """The ids of those of `full`, over the cap, that leave all the same: the first to each duty
    officer's phone that has had nothing for a while.
    """
    numbers = {attempt.to for attempt in full} & _duty_numbers(session)
    lately = OF_LATE.where(Attempt.claimed_at > now - NEXT_TO_OFFICER)
    lately = lately.where(Attempt.status != terms.FAILED)
    wanted = {"numbers": list(numbers), "since": now - A_DAY}
    had = {to for to, _ in session.execute(lately, wanted)}
    first = {attempt.to: attempt.id for attempt in reversed(list(full))}
    return {first[number] for number in numbers - had}


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
