"""A duty officer's own choice: they may pass over the order, but over no hard filter."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.models import User
from dispatch.advance.next import advance_held
from dispatch.case import count_filled, hold, need_for
from dispatch.choosing.occupied import busy, last_offered, load
from dispatch.choosing.offering import Call, offer_to_one
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.policies import policy_for
from dispatch.rules import terms
from dispatch.rules.escalation import CHOSEN_WAVE
from dispatch.rules.lifecycle import MoveNotAllowedError
from roster.directory.profiles import is_deployable
from roster.directory.snapshots import Found, candidates
from roster.directory.where import place_of
from roster.models import Expert
from roster.rules.geodesy import geodesic_km
from roster.rules.terms import OFFERED, Candidate, Need


class NotDeployableError(Exception):
    """A hard filter stands against an expert: `reason` is one of roster.rules.terms.REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("This expert cannot be asked now (%(reason)s).", reason=reason))
        self.reason = reason


def offer_to(
    session: Session,
    request: CrisisRequest,
    expert: Expert,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> Offer:
    """Puts `request` to `expert`, whom the duty officer `actor` (public id) chose for `reason`.

    Also to somebody who was asked before. Raises NotDeployableError when a hard filter speaks
    against it, and lifecycle.MoveNotAllowedError when the request asks nobody just now.
    """
    request = hold(session, request.id)
    if request.status not in terms.ASKING or count_filled(session, request) >= request.slots:
        raise MoveNotAllowedError(request.status, terms.SEARCHING)
    policy = policy_for(session, request.severity)
    need, skills = need_for(session, request, policy.hours)
    against = is_deployable(session, expert.id, need, now, busy=busy(), load=load())
    if against:
        raise NotDeployableError(against)
    call = Call(request, need, skills, CHOSEN_WAVE, policy, now, actor)
    candidate = _snapshot(session, expert, need, now)
    offer = offer_to_one(session, call, candidate, rank=_next_rank(session, request))
    if offer is None:
        raise NotDeployableError(OFFERED)
    offer.chosen_by = session.scalar(select(User.id).where(User.public_id == actor))
    offer.chosen_reason = reason[:500]
    advance_held(session, request, now)
    return offer


def _snapshot(session: Session, expert: Expert, need: Need, now: datetime) -> Candidate:
    seats = {
        row[0]: row[1] for row in session.execute(load().where(Mission.expert_id == expert.id))
    }
    distance_km = geodesic_km(need.lat, need.lon, *place_of(expert, now))
    found = Found(expert.id, distance_km, seats.get(expert.id, 0))
    return candidates(session, [found], need, now, last_offered())[0]


def _next_rank(session: Session, request: CrisisRequest) -> int:
    query = select(func.count(Offer.id)).where(Offer.request_id == request.id)
    return 1 + (session.scalar(query) or 0)
