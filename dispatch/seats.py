"""Seats: who has accepted, in which slot of the request and as which mission of the expert.

Two people in one slot, or one person on more missions than their limit, are refused by the indexes
of Mission and not by a look before the write.
"""

from collections.abc import Set
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from core import audit
from core.db import public_id
from core.inserting import for_kind, unless_there
from dispatch.choosing.occupied import FILLING, SEATED
from dispatch.models import Mission, Offer
from dispatch.news import note_free
from dispatch.rules import terms
from dispatch.transitions import move_mission
from roster.rules.cadences import EVALUATION_HOURS

SLOT, SEAT = "slot", "seat"
TAKEN = union_all(
    select(literal_column(f"'{SLOT}'", String).label("of"), Mission.slot.label("number")).where(
        Mission.request_id == bindparam("request"),
        FILLING,
    ),
    select(literal_column(f"'{SEAT}'", String), Mission.seat).where(
        Mission.expert_id == bindparam("expert"), Mission.status.in_(SEATED)
    ),
)
# Nothing is inserted that an index of Mission forbids.
TAKE = unless_there(Mission, Mission.id)
EVALUATE_AFTER = timedelta(hours=EVALUATION_HOURS)


def take_seat(session: Session, offer: Offer, now: datetime) -> bool:
    """Makes a mission of `offer` in the first free slot and seat; False when there is none.

    The request is held, and the expert has been read under it. Nothing else of the offer or the
    request changes.
    """
    session.flush()
    slot, seat = _first_free(session, offer)
    if slot is None or seat is None:
        return False
    mission = {
        "public_id": public_id(), "offer_id": offer.id, "request_id": offer.request_id,
        "expert_id": offer.expert_id, "slot": slot, "seat": seat, "status": terms.ACCEPTED,
        "accepted_at": now,
    }  # fmt: skip
    if session.connection().execute(for_kind(session, TAKE), mission).one_or_none() is None:
        return False
    session.expire(offer, ["mission"])
    session.expire(offer.request, ["missions"])
    audit.record(
        session, actor=f"expert:{offer.expert.public_id}", action="mission.accepted",
        subject=f"mission:{mission['public_id']}", now=now, request=offer.request.ref, slot=slot,
    )  # fmt: skip
    return True


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


def _first_free(session: Session, offer: Offer) -> tuple[int | None, int | None]:
    """The first slot of the request and the first seat of the expert that are free."""
    of = {"request": offer.request_id, "expert": offer.expert_id}
    taken = session.connection().execute(TAKEN, of).all()
    slots = {number for what, number in taken if what == SLOT}
    seats = {number for what, number in taken if what == SEAT}
    return _first(slots, offer.request.slots), _first(seats, offer.expert.max_missions)


def _first(taken: Set[int], most: int) -> int | None:
    """The first number that is free, of 1 to `most`; those above count, the limit was lowered."""
    if len(taken) >= most:
        return None
    return next(number for number in range(1, most + 1) if number not in taken)
