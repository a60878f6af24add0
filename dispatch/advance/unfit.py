"""Takes back what the roster no longer allows: offers to experts who went away, missions of the
suspended. News that came while nobody looked is thus never missed.
"""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dispatch.case import gate_for, open_offers
from dispatch.choosing.asked import NOT_FIT
from dispatch.choosing.fitness import reason_to_end
from dispatch.choosing.occupied import FILLING, SEATED
from dispatch.messages import notify_expert, tell_duty_officers, tell_office
from dispatch.models import CrisisRequest, Mission
from dispatch.rules import terms
from dispatch.rules.escalation import CaseView
from dispatch.seats import leave_seat
from dispatch.transitions import move_offer
from dispatch.wording.duty import DROPPED_OUT
from dispatch.wording.notices import RELEASED, WITHDRAWN
from dispatch.wording.offices import DROPPED_OUT as OFFICE_DROPPED_OUT
from roster.held import holds_any
from roster.models import Expert
from roster.rules.terms import REMOVED, SUSPENDED

# Of few missions, and not of the many who are suspended or removed.
STANDING = (
    select(Mission.id, Expert.status)
    .join(Expert, Expert.id == Mission.expert_id)
    .where(Mission.request_id == bindparam("request"), FILLING, Mission.status.in_(SEATED))
    .order_by(Mission.id)
)


def take_back_unfit(
    session: Session, request: CrisisRequest, case: CaseView, now: datetime
) -> bool:
    """Withdraws open offers whose experts may not go any more, and ends missions of the suspended.

    Tells them. False when there was nothing to take back. The request is held, and stands as
    `case` says.
    """
    is_asking = any(offer.status == terms.OPEN for offer in case.offers)
    withdrawn = is_asking and _withdraw_offers(session, request, now)
    ended = case.filled > 0 and _end_missions(session, request, now)
    return withdrawn or ended


def _withdraw_offers(session: Session, request: CrisisRequest, now: datetime) -> bool:
    live = open_offers(session, request)
    need = gate_for(request)
    against = [
        (offer, reason_to_end(session, offer, need, now, wait=not holds_any(session)))
        for offer in live
    ]
    unfit = [(offer, reason) for offer, reason in against if reason]
    for offer, reason in unfit:
        move_offer(
            session, offer, terms.WITHDRAWN, actor="system", now=now, reason=f"{NOT_FIT}{reason}"
        )
        notify_expert(session, offer.expert, WITHDRAWN, now, request=request, offer=offer)
    return bool(unfit)


def _end_missions(session: Session, request: CrisisRequest, now: datetime) -> bool:
    """Takes back the missions of experts who were suspended or removed; the slot is open again."""
    session.flush()
    rows = session.connection().execute(STANDING, {"request": request.id})
    gone = [number for number, standing in rows if standing in {SUSPENDED, REMOVED}]
    ended = [session.get_one(Mission, number) for number in gone]
    for mission in ended:
        leave_seat(session, mission, actor="system", reason=mission.expert.status, now=now)
        notify_expert(session, mission.expert, RELEASED, now, request=request)
        tell_duty_officers(session, request, DROPPED_OUT, now)
        tell_office(session, request, OFFICE_DROPPED_OUT, now)
    return bool(ended)
