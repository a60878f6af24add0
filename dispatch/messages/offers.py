"""The messages of an offer: one row for each channel, each with its own time to leave."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.i18n import nearest_language
from dispatch import wording
from dispatch.messages.recipients import channels_of, settings
from dispatch.messages.rows import leave, row_of
from dispatch.messages.urgency import urgency_of_offer
from dispatch.models import Offer
from dispatch.rules import terms
from dispatch.rules.policy import Policy

OFFER = "offer"


def offer_attempts(session: Session, offer: Offer, policy: Policy, now: datetime) -> int:
    """Leaves the messages of a new `offer`: the first channel now, the others later.

    Channels and times are those of `policy`, as far as they work for this expert. Returns how many
    messages there are, none when no channel works.
    """
    usable = channels_of(offer.expert, settings().twilio_sender)
    text = wording.offer_text(offer, now)  # the same to be read and to be heard
    rows = [
        _row(offer, text, channel, now, now + timedelta(seconds=after_s))
        for channel, after_s in policy.hand_overs(usable)
    ]
    leave(session, rows)
    return len(rows)


def _row(offer: Offer, text: str, channel: str, now: datetime, due_at: datetime) -> dict[str, Any]:
    """One message that puts `offer` over `channel`, as `text` if not by mail; UTC."""
    expert, by_mail = offer.expert, channel == terms.EMAIL
    subject, body = wording.offer_mail(offer, now) if by_mail else ("", text)
    return row_of(
        purpose=OFFER, channel=channel, to=expert.email if by_mail else expert.phone,
        language=nearest_language(expert.language), subject=subject,
        body=body,
        priority=urgency_of_offer(offer.request.severity), now=now, due_at=due_at,
        offer_id=offer.id, request_id=offer.request_id, expert_id=expert.id,
    )  # fmt: skip
