"""Seats: who has accepted, in which slot of the request and as which mission of the expert.

Two people in one slot, or one person on more missions than their limit, are refused by the indexes
of Mission and not by a look before the write.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from dispatch.case import ACTIVE
from dispatch.models import Mission, Offer
from dispatch.news import note_free
from dispatch.rules import terms
from dispatch.transitions import move_mission
from roster.rules.cadences import EVALUATION_HOURS

EVALUATE_AFTER = timedelta(hours=EVALUATION_HOURS)


def take_seat(session: Session, offer: Offer, now: datetime) -> Mission | None:
    """A mission for `offer` in the first free slot and seat; None when there is none.

    The request is held. Nothing else of the offer or the request changes.
    """
    slot = _first_free(_slots(session, offer), offer.request.slots)
    seat = _first_free(_seats(session, offer), offer.expert.max_missions)
    if slot is None or seat is None:
        return None
    mission = Mission(
        offer_id=offer.id, request_id=offer.request_id, expert_id=offer.expert_id, slot=slot,
        seat=seat, status=terms.ACCEPTED, accepted_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(mission)
            session.flush()
    except IntegrityError:
        return None
    session.expire(offer.request, ["missions"])
    audit.record(
        session, actor=f"expert:{offer.expert.public_id}", action="mission.accepted",
        subject=f"mission:{mission.public_id}", now=now, request=offer.request.ref, slot=slot,
    )  # fmt: skip
    return mission


def leave_seat(
    session: Session, mission: Mission, *, actor: str, reason: str, now: datetime
) -> None:
    """Takes `mission` back: its slot is open and its expert free. The request is held."""
    move_mission(session, mission, terms.WITHDRAWN, actor=actor, now=now, reason=reason)
    note_free(session, mission.expert_id, now)


def finish(session: Session, mission: Mission, *, actor: str, now: datetime) -> None:
    """The work of `mission` is done; its slot stays filled, its expert is free."""
    if mission.status == terms.ACCEPTED:
        move_mission(session, mission, terms.STARTED, actor=actor, now=now)
    move_mission(session, mission, terms.DONE, actor=actor, now=now)
    mission.evaluate_at = now + EVALUATE_AFTER
    note_free(session, mission.expert_id, now)


def _slots(session: Session, offer: Offer) -> set[int]:
    query = select(Mission.slot).where(
        Mission.request_id == offer.request_id, Mission.status != terms.WITHDRAWN
    )
    return set(session.scalars(query))


def _seats(session: Session, offer: Offer) -> set[int]:
    query = select(Mission.seat).where(
        Mission.expert_id == offer.expert_id, Mission.status.in_(ACTIVE)
    )
    return set(session.scalars(query))


def _first_free(taken: Iterable[int], limit: int) -> int | None:
    used = set(taken)
    if len(used) >= limit:
        return None
    return next(number for number in count(1) if number not in used)
