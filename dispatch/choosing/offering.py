"""Makes offers: takes the next candidates from the roster and puts the request to them.

Whom nobody may have twice is held by the indexes of Offer; a candidate who was taken meanwhile is
passed over. How many are wanted, and when, is not decided here.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import audit
from core.db import public_id
from core.inserting import as_stored, for_kind, unless_there
from dispatch.choosing.fitness import free_experts
from dispatch.choosing.kept import FEW, POOL
from dispatch.choosing.occupied import busy, last_offered, load
from dispatch.messages import offer_attempts
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.rules import matching, terms
from dispatch.rules.codes import NoCodeLeftError, new_code
from dispatch.rules.escalation import deadline_of
from dispatch.rules.need import SkillsWanted
from dispatch.rules.policy import Policy
from dispatch.transitions import move_offer
from roster.directory.order import nearest
from roster.held import note_held
from roster.rules.terms import Candidate, Need

MOST_CODES = 50
# Nothing is inserted that an index of Offer forbids.
MAKE = unless_there(Offer, Offer.id)


@dataclass(frozen=True)
class Call:
    """What is put to the candidates: one wave of one request at one moment."""

    request: CrisisRequest
    need: Need
    skills: SkillsWanted
    wave: int
    policy: Policy
    now: datetime
    actor: str = "system"


@dataclass(frozen=True)
class Made:
    """The offers that were made, and the candidates from whom they were chosen, in order.

    `elsewhere` are those of them whom other transactions held: who passed them over cannot know
    whether they are free.
    """

    offers: list[Offer]
    pool: list[Candidate]
    elsewhere: set[int]


def make_offers(
    session: Session,
    call: Call,
    wanted: int,
    asked: Collection[int],
    spared: Collection[int] = (),
) -> Made:
    """Offers `call` to the first `wanted` candidates who can be had.

    Passed over are those `asked` before and those `spared` for other requests. Fewer are made
    when there are fewer. The request is held.
    """
    passed, made = {*asked, *spared}, Made([], [], set())
    size = POOL if call.request.slots > 1 else max(FEW, 2 * wanted)
    while len(made.offers) < wanted:
        found = _candidates(session, call, passed, size)
        made.pool.extend(found)
        left = list(found)
        while left and len(made.offers) < wanted:
            batch = _choose(session, call, left, wanted - len(made.offers))
            _ask_each(session, call, batch, made, first_rank=len(asked) + 1)
            left = [candidate for candidate in left if candidate not in batch]
            passed |= {candidate.id for candidate in batch}
        if len(found) < size:
            break
    return made


def offer_to_one(session: Session, call: Call, candidate: Candidate, *, rank: int) -> Offer | None:
    """Puts `call` to `candidate`; None when they have another offer by now.

    Ends at once as undeliverable when no channel works for them. Whether they may be asked at all
    is the caller's to check, inside this transaction. Raises codes.NoCodeLeftError.
    """
    session.flush()
    make = for_kind(session, MAKE)
    for _ in range(MOST_CODES):
        row = _row(call, candidate, rank)
        number = session.connection().execute(make, row).scalar_one_or_none()
        if number is not None:
            offer = as_stored(session, Offer(id=number, **row))
            _announce(session, call, offer)
            return offer
        if session.scalar(busy().where(Offer.expert_id == candidate.id)) is not None:
            return None
        # Else another open offer has the same code.
    raise NoCodeLeftError


def _candidates(
    session: Session, call: Call, passed: Collection[int], size: int
) -> list[Candidate]:
    return nearest(
        session, call.need, call.now, size,
        busy=busy(), load=load(), offered=last_offered(), exclude=passed,
    )  # fmt: skip


def _choose(
    session: Session, call: Call, left: Sequence[Candidate], wanted: int
) -> list[Candidate]:
    if call.request.slots == 1:
        return list(left[:wanted])  # no team to complete
    seated = (
        select(Offer.facts)
        .outerjoin(Mission, Mission.offer_id == Offer.id)
        .where(Offer.request_id == call.request.id, Offer.status == terms.ACCEPTED)
        .where(or_(Mission.id.is_(None), Mission.status != terms.WITHDRAWN))
    )
    taken = [facts.get("desired", []) for facts in session.scalars(seated)]
    return matching.choose_team(
        left, wanted, slots=call.request.slots, cover=call.skills.cover, taken=taken
    )


def _ask_each(
    session: Session, call: Call, batch: Sequence[Candidate], made: Made, *, first_rank: int
) -> None:
    """Asks those of `batch` who are still free; lets go of their rows when nobody is."""
    session.flush()
    database = session.connection()
    database.exec_driver_sql("SAVEPOINT asking")  # for locks: is nobody asked, nothing is written
    ids = [one.id for one in batch]
    looked = free_experts(session, ids, call.need, call.now)
    asked = []
    for one in batch:
        rank = first_rank + made.pool.index(one)
        offer = offer_to_one(session, call, one, rank=rank) if one.id in looked.free else None
        if offer is not None:
            asked.append(offer)
    if asked:
        note_held(session)
    else:
        database.exec_driver_sql("ROLLBACK TO SAVEPOINT asking")
    database.exec_driver_sql("RELEASE SAVEPOINT asking")
    made.elsewhere.update(looked.elsewhere)
    made.offers.extend(offer for offer in asked if offer.status == terms.OPEN)


def _row(call: Call, candidate: Candidate, rank: int) -> dict[str, object]:
    window_s = call.policy.reply_window_s
    facts = {**candidate.facts, "desired": list(candidate.desired), "awake": candidate.awake}
    return {
        "public_id": public_id(), "request_id": call.request.id, "expert_id": candidate.id,
        "code": new_code(secrets.choice, ()), "rank": rank, "wave": call.wave,
        "distance_km": candidate.distance_km, "facts": facts, "status": terms.OPEN,
        "created_at": call.now, "window_s": window_s,
        "deadline": deadline_of(call.now, None, window_s), "answered_at": None, "ended_at": None,
        "end_reason": "", "chosen_by": None, "chosen_reason": "",
    }  # fmt: skip


def _announce(session: Session, call: Call, offer: Offer) -> None:
    audit.record(
        session, actor=call.actor, action="offer.open", subject=f"offer:{offer.public_id}",
        now=call.now, request=call.request.ref, expert=offer.expert.public_id, wave=call.wave,
        rank=offer.rank, distance_km=round(offer.distance_km, 1),
    )  # fmt: skip
    if not offer_attempts(session, offer, call.policy, call.now):
        move_offer(session, offer, terms.UNDELIVERABLE, actor="system", now=call.now,
                   reason="no channel works for this expert")  # fmt: skip
