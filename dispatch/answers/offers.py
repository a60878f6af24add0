"""An answer to an offer, whichever way it came: text, signed link, key press.

The first valid acceptance wins: it counts before the deadline only, for a live offer, from an
expert who is still deployable, while a slot is open. Whoever comes later gets a defined outcome.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.advance import advance_held
from dispatch.answers.held import hold_offer
from dispatch.case import count_filled, gate_for
from dispatch.choosing.fitness import reason_to_end
from dispatch.messages import notify_expert, tell_office
from dispatch.models import CrisisRequest, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import ENDED, is_late
from dispatch.seats import take_seat
from dispatch.transitions import move_offer
from dispatch.wording import notices, offices

ACCEPTED, DECLINED = "accepted", "declined"
TOO_LATE, TAKEN, REQUEST_OVER, NOT_DEPLOYABLE = (
    "too_late",
    "taken",
    "request_over",
    "not_deployable",
)
ALREADY_ACCEPTED, ALREADY_DECLINED = "already_accepted", "already_declined"
WITHDRAWN = "withdrawn"
BY_TEXT = "sms"

OUTCOME_OF_ENDED = {
    terms.ACCEPTED: ALREADY_ACCEPTED,
    terms.DECLINED: ALREADY_DECLINED,
    terms.LAPSED: TOO_LATE,
    terms.UNDELIVERABLE: TOO_LATE,
    terms.WITHDRAWN: WITHDRAWN,
}


def answer_offer(
    session: Session, offer: Offer, *, accept: bool, received_at: datetime, via: str
) -> str:
    """Takes a yes or a no to `offer`, received at `received_at` (UTC) `via` link, voice or sms.

    Returns one of the outcomes above, and tells everybody whom it concerns; but for the answer to
    a text itself, which is the caller's.
    """
    request, offer = hold_offer(session, offer.id, offer.request_id)
    return answer_held(session, request, offer, accept=accept, received_at=received_at, via=via)


def answer_held(
    session: Session,
    request: CrisisRequest,
    offer: Offer,
    *,
    accept: bool,
    received_at: datetime,
    via: str,
) -> str:
    """The same for whoever holds the request of `offer` and has read both since."""
    if offer.status != terms.OPEN:
        return _outcome_of_ended(session, request, offer)
    if is_late(received_at, offer.deadline):
        outcome = TOO_LATE
    elif accept:
        outcome = _accept(session, request, offer, received_at, via)
    else:
        outcome = _decline(session, offer, received_at, via)
    advance_held(session, request, received_at)
    return outcome


def withdraw_offer(
    session: Session, offer: Offer, *, actor: str, reason: str, now: datetime
) -> None:
    """A duty officer takes `offer` back; its expert is told, and the next one is asked.

    Raises lifecycle.MoveNotAllowedError when it is no longer open.
    """
    request, offer = hold_offer(session, offer.id, offer.request_id)
    move_offer(session, offer, terms.WITHDRAWN, actor=actor, now=now, reason=reason)
    notify_expert(session, offer.expert, notices.WITHDRAWN, now, request=request, offer=offer)
    advance_held(session, request, now)


def _outcome_of_ended(session: Session, request: CrisisRequest, offer: Offer) -> str:
    outcome = OUTCOME_OF_ENDED[offer.status]
    if outcome != WITHDRAWN:
        return outcome
    if request.status in ENDED:
        return REQUEST_OVER
    return TAKEN if count_filled(session, request) >= request.slots else WITHDRAWN


def _accept(session: Session, request: CrisisRequest, offer: Offer, now: datetime, via: str) -> str:
    """Accepts unless something stands against it; then `advance` ends the offer."""
    if request.status in ENDED:
        return REQUEST_OVER
    if reason_to_end(session, offer, gate_for(request), now):
        return NOT_DEPLOYABLE
    if not _takes_place(session, request, offer, now):
        return TAKEN
    _end(session, offer, terms.ACCEPTED, now, via)
    if not request.exercise:
        tell_office(session, request, offices.ACCEPTED, now)
    if via != BY_TEXT:
        notify_expert(
            session, offer.expert, notices.ACCEPTED_ACK, now, request=request, offer=offer
        )
    return ACCEPTED


def _takes_place(session: Session, request: CrisisRequest, offer: Offer, now: datetime) -> bool:
    """Whether there was room; an exercise makes no mission, and counts its yeses."""
    if request.exercise:
        return count_filled(session, request) < request.slots
    return take_seat(session, offer, now)


def _decline(session: Session, offer: Offer, now: datetime, via: str) -> str:
    _end(session, offer, terms.DECLINED, now, via)
    return DECLINED


def _end(session: Session, offer: Offer, new: str, now: datetime, via: str) -> None:
    actor = f"expert:{offer.expert.public_id}"
    move_offer(session, offer, new, actor=actor, now=now, reason=f"by {via}", is_answer=True)
