"""What follows from a failed attempt: the next channel, once more, or nobody left to try.

The request is held. A failed delivery moves on at once and never waits out the reply window.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail import queue_mail
from core.wake import wake
from dispatch import incidents, wording
from dispatch.advance import delivery_failed
from dispatch.messages import OFFER, PROOF, tell_duty_officers
from dispatch.messages.recipients import settings
from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.outbox.sender import hold_sender, shut
from dispatch.reminding import STAY
from dispatch.rules import delivery, terms
from dispatch.rules.delivery import Consequence
from dispatch.wording.duty import DELIVERY, STOPPED
from roster import registrar
from roster.models import Expert

STOPPED_KEY = "provider:account"
RETRY_S = 15
MAY_HAVE_ARRIVED = (terms.SENDING, terms.SENT, terms.DELIVERED, terms.UNKNOWN)


def follow(session: Session, attempt: Attempt, what: Consequence, now: datetime) -> None:
    """Does what `what` calls for after `attempt`, whose status and error are set already."""
    _remember_number(session, attempt, now)
    if what == Consequence.STOP_SENDING:
        _stop_sending(session, attempt, now)
    elif what == Consequence.NEXT_CHANNEL_AND_TELL:
        _tell(session, attempt, now)
    if attempt.status != terms.FAILED or what == Consequence.IGNORE:
        return
    passing = what in (Consequence.RETRY_ONCE, Consequence.BACK_OFF)
    if not (passing and try_again(session, attempt, now)):
        move_on(session, attempt, now)


def move_on(session: Session, attempt: Attempt, now: datetime) -> None:
    """The next channel now; when none is left the offer has failed: the next expert is asked."""
    offer = _open_offer(session, attempt, now)
    if offer is None:
        _mail_instead(session, attempt, now)
    elif not fall_over(session, attempt, now) and not _others(session, attempt, MAY_HAVE_ARRIVED):
        session.flush()
        delivery_failed(session, offer, now)


def fall_over(session: Session, attempt: Attempt, now: datetime, *channels: str) -> bool:
    """Brings the next waiting message of the same offer (over `channels`) forward; is there one?"""
    waiting = _others(session, attempt, (terms.QUEUED,))
    wanted = [other for other in waiting if other.channel in (channels or terms.CHANNELS)]
    if not wanted:
        return False
    following = min(wanted, key=lambda other: (other.due_at, other.id))
    following.due_at = min(following.due_at, now)
    wake(session)
    return True


def try_again(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Leaves the same message once more, as number 2; False when it was that, or it is too late."""
    offer = _open_offer(session, attempt, now)
    if attempt.number > 1 or (attempt.purpose == OFFER and offer is None):
        return False
    pause_s = float(RETRY_S)
    if offer is not None:
        pause_s = min(pause_s, (offer.deadline - now).total_seconds() / 4)
    session.add(
        Attempt(
            offer_id=attempt.offer_id, request_id=attempt.request_id, expert_id=attempt.expert_id,
            purpose=attempt.purpose, channel=attempt.channel, number=attempt.number + 1,
            to=attempt.to, language=attempt.language, subject=attempt.subject, body=attempt.body,
            segments=attempt.segments, priority=attempt.priority, status=terms.QUEUED, tries=0,
            queued_at=now, due_at=now + timedelta(seconds=pause_s),
        )
    )  # fmt: skip
    wake(session)
    return True


def _open_offer(session: Session, attempt: Attempt, now: datetime) -> Offer | None:
    if attempt.purpose != OFFER or attempt.offer_id is None:
        return None
    offer = session.get_one(Offer, attempt.offer_id)
    return offer if offer.status == terms.OPEN and now < offer.deadline else None


def _others(session: Session, attempt: Attempt, statuses: Sequence[str]) -> list[Attempt]:
    query = select(Attempt).where(
        *(Attempt.offer_id == attempt.offer_id, Attempt.purpose == OFFER),
        *(Attempt.id != attempt.id, Attempt.status.in_(statuses)),
    )
    return list(session.scalars(query))


def _mail_instead(session: Session, attempt: Attempt, now: datetime) -> None:
    """A notice that the phone did not take goes by mail; an offer that is over does not.

    Nor what proves a phone, which by mail would prove nothing, and what went by mail as well.
    """
    if attempt.purpose in {OFFER, PROOF, STAY}:
        return
    if attempt.channel != terms.SMS or attempt.expert_id is None:
        return
    expert = session.get_one(Expert, attempt.expert_id)
    if expert.email and expert.opted_out_at is None:
        subject = wording.notice_subject(expert.language)
        queue_mail(session, to=expert.email, subject=subject, body=attempt.body, now=now)


def _remember_number(session: Session, attempt: Attempt, now: datetime) -> None:
    gone = attempt.error_code in delivery.UNREACHABLE
    if (
        attempt.channel == terms.SMS
        and attempt.expert_id is not None
        and (gone or attempt.error_code == delivery.UNSUBSCRIBED)
    ):
        expert = session.get_one(Expert, attempt.expert_id)
        if expert.phone == attempt.to:  # they may have another number by now
            registrar.mark_sms_failed(session, expert, now)


def _stop_sending(session: Session, attempt: Attempt, now: datetime) -> None:
    shut(hold_sender(session, settings().twilio_sender, now), now)
    code = str(attempt.error_code)
    if incidents.record(session, STOPPED_KEY, STOPPED, now, code=code):
        tell_duty_officers(session, None, STOPPED, now, code)
    fall_over(session, attempt, now, terms.EMAIL)


def _tell(session: Session, attempt: Attempt, now: datetime) -> None:
    code = str(attempt.error_code)
    request = session.get(CrisisRequest, attempt.request_id) if attempt.request_id else None
    if incidents.record(
        session, f"delivery:{code}", DELIVERY, now,
        request_id=attempt.request_id, attempt_id=attempt.id, code=code,
    ):  # fmt: skip
        tell_duty_officers(session, request, DELIVERY, now, code)
