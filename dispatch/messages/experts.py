"""What an expert is told besides the offer itself: by text, by mail when the phone takes none."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.i18n import nearest_language
from core.wake import wake
from dispatch import wording
from dispatch.messages.offers import OFFER
from dispatch.messages.recipients import channels_of, settings
from dispatch.messages.urgency import urgency_of_notice
from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.rules import terms
from dispatch.rules.segments import count
from roster.models import Expert

# What may be told again and again about one offer; all else once.
REPEATABLE = frozenset({"amended"})


def notify_expert(
    session: Session,
    expert: Expert,
    purpose: str,
    now: datetime,
    *,
    request: CrisisRequest,
    offer: Offer | None = None,
) -> Attempt | None:
    """Tells `expert` something about `request`; returns the attempt, None when nothing is said.

    `purpose` is one of wording.NOTICES (KeyError otherwise). It is told once per offer; nothing is
    said of an offer of which nothing has left, nor to somebody who has opted out.
    """
    if offer is not None and not has_left(session, offer):
        return None
    usable = channels_of(expert, settings().twilio_sender)
    channel = next((each for each in (terms.SMS, terms.EMAIL) if each in usable), None)
    if channel is None:
        return None
    told = _told(session, offer, purpose, channel)
    if told and purpose not in REPEATABLE:
        return None
    body = wording.NOTICES[purpose](request, offer, expert.language)
    by_text = channel == terms.SMS
    attempt = Attempt(
        offer_id=offer.id if offer else None, request_id=request.id, expert_id=expert.id,
        purpose=purpose, channel=channel, number=told + 1,
        to=expert.phone if by_text else expert.email, language=nearest_language(expert.language),
        subject="" if by_text else wording.notice_subject(expert.language), body=body,
        segments=count(body).segments, priority=urgency_of_notice(request.severity),
        queued_at=now, due_at=now, status=terms.QUEUED, tries=0,
    )  # fmt: skip
    session.add(attempt)
    wake(session)
    return attempt


def has_left(session: Session, offer: Offer) -> bool:
    """Whether any message of `offer` has left us, or may have."""
    left = (terms.SENDING, terms.SENT, terms.DELIVERED, terms.UNKNOWN)
    query = select(Attempt.id).where(
        Attempt.offer_id == offer.id, Attempt.purpose == OFFER, Attempt.status.in_(left)
    )
    return session.scalar(query.limit(1)) is not None


def _told(session: Session, offer: Offer | None, purpose: str, channel: str) -> int:
    if offer is None:
        return 0
    told = select(func.count()).where(
        Attempt.offer_id == offer.id, Attempt.purpose == purpose, Attempt.channel == channel
    )
    return session.scalar(told) or 0
