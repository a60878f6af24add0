"""Marks an attempt as claimed, and says what a channel needs to know of it."""

from datetime import datetime

from core.db import db
from dispatch import wording
from dispatch.channels.handover import Outgoing
from dispatch.messages import OFFER
from dispatch.models import Attempt, Offer
from dispatch.outbox.due import OfferState
from dispatch.rules import terms
from dispatch.rules.segments import count

STALE_S = 60
SHORTEST_VALIDITY_S, LONGEST_VALIDITY_S = 1, 36_000  # Twilio's limits


def take_over(attempt: Attempt, state: OfferState | None, now: datetime) -> Outgoing:
    """Claims `attempt` at `now` (UTC): it is `sending` from the commit on, unless it is a mail."""
    if attempt.channel == terms.SMS and attempt.purpose == OFFER and state is not None:
        _freshen(attempt, state, now)
    if attempt.channel != terms.EMAIL:
        attempt.status = terms.SENDING
    attempt.claimed_at = now
    attempt.tries += 1
    return Outgoing(
        id=attempt.id,
        public_id=attempt.public_id,
        request_id=attempt.request_id,
        channel=attempt.channel,
        to=attempt.to,
        body=attempt.body,
        claimed_at=now,
        tries=attempt.tries,
        validity_s=_validity_s(state, now),
    )


def _freshen(attempt: Attempt, state: OfferState, now: datetime) -> None:
    """A text that has waited long names a deadline that has moved meanwhile: it is said anew."""
    if (now - attempt.queued_at).total_seconds() < STALE_S:
        return
    offer = db.session().get_one(Offer, attempt.offer_id)
    deadline = state.deadline if state.sent else now + (offer.deadline - offer.created_at)
    attempt.body = wording.offer_text(offer, now, deadline)
    attempt.segments = count(attempt.body).segments


def _validity_s(state: OfferState | None, now: datetime) -> int | None:
    """What is left of the deadline, as Twilio takes it; a first hand-over starts a whole window."""
    if state is None:
        return None
    left_s = (state.deadline - now).total_seconds() if state.sent else float(state.window_s)
    return max(SHORTEST_VALIDITY_S, min(LONGEST_VALIDITY_S, int(left_s)))
