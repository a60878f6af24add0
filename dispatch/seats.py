"""Seats: who has accepted, in which slot of the request and as which mission of the expert.

Two people in one slot, or one person on more missions than their limit, are refused by the indexes
of Mission and not by a look before the write.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, literal_column, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import audit
from core.db import public_id
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
TAKE = {
    kind: dialect.insert(Mission).on_conflict_do_nothing().returning(Mission.id)
    for kind, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
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
    take = TAKE[session.get_bind().dialect.name]
    if session.connection().execute(take, mission).one_or_none() is None:
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
    slots = range(1, offer.request.slots + 1)
    seats = range(1, offer.expert.max_missions + 1)
    taken: set[tuple[str, int]] = set()
    if len(slots) > 1 or len(seats) > 1:  # else the index alone says whether it is free
        of = {"request": offer.request_id, "expert": offer.expert_id}
        taken = {(what, number) for what, number in session.connection().execute(TAKEN, of)}
    slot = next((number for number in slots if (SLOT, number) not in taken), None)
    seat = next((number for number in seats if (SEAT, number) not in taken), None)
    return slot, seat
