"""Stores what became of a claimed attempt, and does what follows from it.

The request's row is held before the attempt's, as everywhere. A result for a claim that somebody
has settled meanwhile (a receipt, another worker) changes nothing that is further on.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import random

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dispatch import incidents
from dispatch.advance import handed_over
from dispatch.channels.handover import (
    Lost,
    Mailed,
    NotReached,
    Outgoing,
    Refused,
    Result,
    Taken,
    Withheld,
)
from dispatch.messages import OFFER
from dispatch.messages.recipients import settings
from dispatch.models import Attempt, CrisisRequest
from dispatch.outbox import caps
from dispatch.outbox.aftermath import STOPPED_KEY, fall_over, follow
from dispatch.outbox.sender import hold_sender, reopen, shut_for_longer
from dispatch.rules import delivery, terms
from dispatch.rules.delivery import Consequence
from dispatch.rules.pacing import back_off_s

MOST_WHY = 300
TRIES_BEFORE_MAIL = 3
HELD = (
    select(Attempt)
    .where(Attempt.id.in_(bindparam("ids", expanding=True)))
    .order_by(Attempt.id)
    .with_for_update(of=Attempt)
    .execution_options(populate_existing=True)
)


def store(session: Session, done: Sequence[tuple[Outgoing, Result]], now: datetime) -> None:
    """Stores the results of claims, whose requests are held (`hold_requests`)."""
    held = _hold_attempts(session, [outgoing.id for outgoing, _ in done])
    begun = [
        held[outgoing.id].offer_id
        for outgoing, result in done
        if _store(session, held[outgoing.id], outgoing, result, now)
    ]
    handed_over(session, [offer_id for offer_id in begun if offer_id is not None], now)


def _store(
    session: Session, attempt: Attempt, outgoing: Outgoing, result: Result, now: datetime
) -> bool:
    """Whether this was the first that a provider had of `attempt`."""
    if isinstance(result, Taken | Refused) and outgoing.trial:
        _end_trial(session, result, now)
    if isinstance(result, Taken):
        return take(session, attempt, result.sid, terms.SENT, now)
    if isinstance(result, Mailed):
        return attempt.purpose == OFFER
    if attempt.status != terms.SENDING or attempt.claimed_at != outgoing.claimed_at:
        return False  # a receipt or the provider's list has said more meanwhile
    if isinstance(result, NotReached):
        _wait(session, attempt, result.why, now)
    elif isinstance(result, Lost):
        attempt.status, attempt.error = terms.UNKNOWN, result.why[:MOST_WHY]
    elif isinstance(result, Withheld):
        fail(session, attempt, None, "over a cap", now)
        caps.report_number(session, attempt, now)
    else:
        _refuse(session, attempt, result, now)
    return False


def hold_requests(session: Session, ids: Collection[int | None]) -> None:
    """Locks the requests with these ids, in their order, before any row that hangs on them."""
    wanted = {request_id for request_id in ids if request_id is not None}
    if wanted and session.get_bind().dialect.name != "sqlite":  # its writer holds all rows
        query = select(CrisisRequest.id).where(CrisisRequest.id.in_(wanted))
        session.execute(query.order_by(CrisisRequest.id).with_for_update(key_share=True))


def hold_attempt(session: Session, attempt_id: int) -> Attempt:
    """The attempt, read afresh and locked; its request is held already."""
    return _hold_attempts(session, [attempt_id])[attempt_id]


def _hold_attempts(session: Session, ids: Collection[int]) -> dict[int, Attempt]:
    return {attempt.id: attempt for attempt in session.scalars(HELD, {"ids": list(ids)})}


def take(session: Session, attempt: Attempt, sid: str, status: str, now: datetime) -> bool:
    """The provider has `attempt` (held) under `sid`, and says that it is `status`.

    True when this is the first that was heard of an offer's message: then it is `handed_over`.
    Never goes backwards. A second SID for one attempt would be a second message: it goes on the
    duty board.
    """
    if attempt.provider_sid not in (None, sid):
        incidents.record(session, f"double:{attempt.public_id}", "doubled", now,
                         request_id=attempt.request_id, attempt_id=attempt.id)  # fmt: skip
        return False
    attempt.provider_sid = sid
    old = terms.SENDING if attempt.status == terms.QUEUED else attempt.status
    attempt.status = delivery.later(old, status)
    first = attempt.sent_at is None
    attempt.sent_at = attempt.sent_at or now
    if attempt.status == terms.DELIVERED and attempt.delivered_at is None:
        attempt.delivered_at = now
    return first and attempt.purpose == OFFER


def fail(session: Session, attempt: Attempt, code: int | None, why: str, now: datetime) -> None:
    """`attempt` (held) has failed for good, and what follows from `code` is done."""
    attempt.status = delivery.later(attempt.status, terms.FAILED)
    if attempt.status != terms.FAILED or attempt.ended_at is not None:
        return
    attempt.ended_at, attempt.error_code, attempt.error = now, code, why[:MOST_WHY]
    follow(session, attempt, delivery.consequence(code), now)


def _wait(session: Session, attempt: Attempt, why: str, now: datetime) -> None:
    """The provider holds nothing: the same attempt again, later each time."""
    attempt.status, attempt.error = terms.QUEUED, why[:MOST_WHY]
    attempt.due_at = now + timedelta(seconds=back_off_s(attempt.tries, random()))
    if attempt.tries >= TRIES_BEFORE_MAIL:
        fall_over(session, attempt, now)


def _refuse(session: Session, attempt: Attempt, refused: Refused, now: datetime) -> None:
    consequence = delivery.consequence(refused.code)
    if consequence == Consequence.BACK_OFF:
        _wait(session, attempt, refused.why, now)
    elif consequence == Consequence.STOP_SENDING:
        # Our fault, not the number's: it waits until the account is well again.
        attempt.status, attempt.error_code = terms.QUEUED, refused.code
        attempt.error = refused.why[:MOST_WHY]
        follow(session, attempt, consequence, now)
    else:
        fail(session, attempt, refused.code, refused.why, now)


def _end_trial(session: Session, result: Taken | Refused, now: datetime) -> None:
    sender = hold_sender(session, settings().twilio_sender, now)
    code = result.code if isinstance(result, Refused) else None
    if isinstance(result, Refused) and delivery.consequence(code) == Consequence.STOP_SENDING:
        shut_for_longer(sender, now)
    elif reopen(sender):
        incidents.settle(session, STOPPED_KEY, now)
