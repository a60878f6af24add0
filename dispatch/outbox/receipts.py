"""Takes in what the provider reports of an attempt: late, twice, out of order, or before the
answer to the call that caused it. A status never goes backwards (I8).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.advance import handed_over
from dispatch.models import Attempt
from dispatch.outbox.settle import fail, hold_attempt, hold_requests, take
from dispatch.rules import delivery, terms

# From then on a receipt is history: nothing is to be done any more.
SETTLED = frozenset({terms.DELIVERED, terms.FAILED, terms.DROPPED})


def record_receipt(
    session: Session,
    attempt_public_id: str,
    sid: str,
    status: str,
    *,
    error_code: int | None,
    now: datetime,
) -> bool:
    """Notes that the provider calls the attempt `status` (its own word), under `sid`.

    False when there is no such attempt, the word is unknown, or it is another message's receipt.
    """
    known = session.execute(
        select(Attempt.id, Attempt.request_id).where(Attempt.public_id == attempt_public_id)
    ).one_or_none()
    heard = delivery.status_of(status)
    if known is None or heard is None:
        return False
    hold_requests(session, [known.request_id])
    attempt = hold_attempt(session, known.id)
    return apply_receipt(session, attempt, sid, heard, error_code=error_code, now=now)


def apply_receipt(
    session: Session,
    attempt: Attempt,
    sid: str,
    heard: str,
    *,
    error_code: int | None,
    now: datetime,
) -> bool:
    """The same for an attempt that is held, and a status of ours."""
    if attempt.status in SETTLED:
        return attempt.provider_sid in (None, sid)
    # A failed message was taken first: its number is learnt, and its offer's deadline has begun.
    status = terms.SENT if heard == terms.FAILED else heard
    if take(session, attempt, sid, status, now) and attempt.offer_id is not None:
        handed_over(session, [attempt.offer_id], now)
    if attempt.provider_sid != sid:
        return False
    if heard == terms.FAILED:
        fail(session, attempt, error_code, "reported by the provider", now)
    return True
