"""What the outbox tells: an offer has been handed to a provider, or cannot be delivered at all.

Both hold the request before they touch anything; the caller must not hold rows of attempts yet.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.advance.next import advance
from dispatch.case import hold
from dispatch.messages import OFFER
from dispatch.models import Attempt, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import deadline_of
from dispatch.transitions import move_offer


def handed_over(session: Session, offer: Offer, now: datetime) -> None:
    """A message of `offer` reached a provider at `now`: from the first on, its deadline counts.

    Told twice, or told of later channels, it changes nothing.
    """
    hold(session, offer.request_id)
    session.refresh(offer)
    if offer.status != terms.OPEN:
        return
    sent = select(func.min(Attempt.sent_at)).where(
        Attempt.offer_id == offer.id, Attempt.purpose == OFFER
    )
    first = session.scalar(sent)
    offer.deadline = deadline_of(offer.created_at, min(first or now, now), offer.window_s)
    session.flush()


def delivery_failed(session: Session, offer: Offer, now: datetime) -> None:
    """No channel is left for `offer`: it ends as undeliverable, and the next expert is asked."""
    request = hold(session, offer.request_id)
    session.refresh(offer)
    if offer.status == terms.OPEN:
        move_offer(
            session, offer, terms.UNDELIVERABLE, actor="system", now=now, reason="no channel works"
        )
    advance(session, request, now)
