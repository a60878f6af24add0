"""The messages of an offer: one row for each channel, each with its own time to leave."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.i18n import nearest_language
from core.wake import wake
from dispatch import wording
from dispatch.messages.recipients import channels_of, settings
from dispatch.messages.urgency import urgency_of_offer
from dispatch.models import Attempt, Offer
from dispatch.policies import policy_for
from dispatch.rules import terms
from dispatch.rules.segments import count

OFFER = "offer"


def offer_attempts(session: Session, offer: Offer, now: datetime) -> list[Attempt]:
    """Leaves the messages of a new `offer`: the first channel now, the others later.

    Channels and times are the policy's, as far as they work for this expert. Returns the attempts,
    none when no channel works.
    """
    session.flush()
    policy = policy_for(session, offer.request.severity)
    usable = channels_of(offer.expert, settings().twilio_sender)
    attempts = [
        offer_attempt(session, offer, channel, now, due_at=now + timedelta(seconds=after_s))
        for channel, after_s in policy.hand_overs(usable)
    ]
    wake(session)
    return attempts


def offer_attempt(
    session: Session,
    offer: Offer,
    channel: str,
    now: datetime,
    *,
    due_at: datetime,
    number: int = 1,
) -> Attempt:
    """One message that puts `offer` over `channel`, to leave at `due_at` (UTC)."""
    expert = offer.expert
    subject, body = "", ""
    if channel == terms.EMAIL:
        subject, body = wording.offer_mail(offer, now)
    else:
        body = wording.offer_text(offer, now)
    attempt = Attempt(
        offer_id=offer.id, request_id=offer.request_id, expert_id=expert.id,
        purpose=OFFER, channel=channel, number=number,
        to=expert.email if channel == terms.EMAIL else expert.phone,
        language=nearest_language(expert.language), subject=subject, body=body,
        segments=count(body).segments if channel == terms.SMS else 1,
        priority=urgency_of_offer(offer.request.severity),
        queued_at=now, due_at=due_at, status=terms.QUEUED, tries=0,
    )  # fmt: skip
    session.add(attempt)
    return attempt
