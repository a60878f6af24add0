"""The promises of dispatch as questions to the database; each breaks with a sentence.

Judged from raw rows only: none of the code under test says whether it did well.
"""

from collections import Counter
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.audit import AuditRow
from dispatch.models import (
    Attempt,
    CrisisRequest,
    Decision,
    EscalationStep,
    InboundMessage,
    Mission,
    Offer,
)
from roster.models import Absence, Expert, RosterChange

RUNNING = ("accepted", "started")


def check(session: Session, now: datetime) -> None:
    """All that must hold at any moment."""
    one_mission_in_a_slot(session)
    one_open_offer_and_no_mission_too_many(session)
    every_request_is_somewhere(session)
    every_text_has_an_outcome(session)
    the_clock_will_look_again(session)
    accepted_offers_have_their_mission(session)
    nobody_sleeps_beside_a_free_expert(session, now)


def one_mission_in_a_slot(session: Session) -> None:
    """I1: never more missions than slots, and none in the same."""
    rows = session.execute(
        select(Mission.request_id, Mission.slot).where(Mission.status != "withdrawn")
    ).all()
    twice = [row for row, times in Counter(map(tuple, rows)).items() if times > 1]
    assert not twice, f"I1: two missions in one slot {twice}"
    slots = {
        row[0]: row[1] for row in session.execute(select(CrisisRequest.id, CrisisRequest.slots))
    }
    for request, filled in Counter(row[0] for row in rows).items():
        assert filled <= slots[request], f"I1: request {request} has {filled} of {slots[request]}"


def one_open_offer_and_no_mission_too_many(session: Session) -> None:
    """I2: at most one open offer per expert, and no more missions than their limit."""
    offered = Counter(session.scalars(select(Offer.expert_id).where(Offer.status == "open")))
    assert all(times == 1 for times in offered.values()), f"I2: offered twice {offered}"
    seated = Counter(session.scalars(select(Mission.expert_id).where(Mission.status.in_(RUNNING))))
    limits = {row[0]: row[1] for row in session.execute(select(Expert.id, Expert.max_missions))}
    assert all(seated[who] <= limits[who] for who in seated), f"I2: above the limit {seated}"


def every_request_is_somewhere(session: Session) -> None:
    """I3: offered, assigned, ended, or in a state that the duty board shows as waiting."""
    offered = set(session.scalars(select(Offer.request_id).where(Offer.status == "open")))
    told = set(
        session.scalars(
            select(EscalationStep.request_id).where(
                EscalationStep.step.in_(("call_back", "tell_unfilled"))
            )
        )
    )
    for number, status in session.execute(select(CrisisRequest.id, CrisisRequest.status)):
        if status == "searching":
            assert number in offered, f"I3: request {number} searches and asks nobody"
        if status in {"awaiting_confirmation", "unfilled"}:
            assert number in told, f"I3: nobody was told of request {number}"
        if status in {"closed", "cancelled", "assigned", "unfilled", "awaiting_confirmation"}:
            assert number not in offered, f"I9: request {number} is {status} and still asks"


def every_text_has_an_outcome(session: Session) -> None:
    """I11."""
    bare = session.scalars(select(InboundMessage.id).where(InboundMessage.outcome == "")).all()
    assert not bare, f"I11: texts without an outcome {bare}"


def the_clock_will_look_again(session: Session) -> None:
    """No deadline is ahead of the next look at its request."""
    rows = session.execute(
        select(CrisisRequest.id, CrisisRequest.wake_at, func.min(Offer.deadline))
        .join(Offer, Offer.request_id == CrisisRequest.id)
        .where(Offer.status == "open")
        .group_by(CrisisRequest.id, CrisisRequest.wake_at)
    )
    for number, wake_at, deadline in rows:
        assert wake_at is not None, f"request {number} sleeps for ever"
        assert wake_at <= deadline, f"request {number} oversleeps"


def accepted_offers_have_their_mission(session: Session) -> None:
    """A yes that counts is a mission, and a mission has its yes."""
    accepted = set(session.scalars(select(Offer.id).where(Offer.status == "accepted")))
    assert accepted == set(session.scalars(select(Mission.offer_id)))


def nobody_sleeps_beside_a_free_expert(session: Session, now: datetime) -> None:
    """Unfilled while somebody could be asked: then it is due, or news is waiting.

    Of the gravest only, for whom everybody is asked at any hour.
    """
    if session.scalar(select(RosterChange.id).limit(1)) is not None:
        return
    asleep = select(CrisisRequest.id, CrisisRequest.skills, CrisisRequest.mode).where(
        *(CrisisRequest.status == "unfilled", CrisisRequest.severity == 1),
        (CrisisRequest.wake_at.is_(None)) | (CrisisRequest.wake_at > now),
    )
    for number, skills, mode in session.execute(asleep).all():
        asked = select(Offer.expert_id).where(
            (Offer.request_id == number) | (Offer.status == "open")
        )
        need = {code for code, _ in skills} or {"CIR"}
        for expert in session.scalars(select(Expert).where(Expert.id.not_in(asked))).unique():
            has = {claim.skill for claim in expert.skills if claim.level >= 2}
            fits = need <= has and (mode != "on_site" or expert.on_site)
            idle = not session.scalar(_seats_of(expert.id))
            free = fits and idle and may_be_asked(session, expert.id, now)
            assert not free, f"request {number} sleeps beside expert {expert.id}"


def _seats_of(expert_id: int) -> Select[int]:
    running = Mission.status.in_(RUNNING)
    return select(func.count(Mission.id)).where(Mission.expert_id == expert_id, running)


def may_be_asked(session: Session, expert_id: int, now: datetime) -> bool:
    """I10: vetted, valid, neither suspended nor opted out nor away."""
    expert = session.get_one(Expert, expert_id)
    away = select(Absence.id).where(
        Absence.expert_id == expert_id,
        Absence.starts_at <= now,
        (Absence.ends_at.is_(None)) | (Absence.ends_at > now),
    )
    return (
        expert.status in {"qualified", "listed"}
        and expert.valid_until is not None
        and expert.valid_until >= now.date()
        and expert.opted_out_at is None
        and session.scalar(away.limit(1)) is None
    )


def everything(session: Session, but_for: str = "") -> dict[str, object]:
    """All that dispatch remembers, to see whether something changed; `but_for` wake_at perhaps."""
    tables = (CrisisRequest, Offer, Mission, Attempt, EscalationStep, InboundMessage, AuditRow,
              Decision)  # fmt: skip
    state: dict[str, object] = {
        f"number of {table.__tablename__}": session.scalar(select(func.count()).select_from(table))
        for table in tables
    }
    requests = select(CrisisRequest.id, CrisisRequest.status, CrisisRequest.wake_at)
    offers = select(Offer.id, Offer.status, Offer.deadline)
    missions = select(Mission.id, Mission.status)
    for number, status, wake_at in session.execute(requests):
        state[f"request {number}"] = (status, None if but_for == "wake_at" else wake_at)
    for row in session.execute(offers):
        state[f"offer {row[0]}"] = tuple(row[1:])
    for row in session.execute(missions):
        state[f"mission {row[0]}"] = tuple(row[1:])
    return state


def changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """What is no longer as it was, in words."""
    return [
        f"{name}: {before.get(name)} → {after.get(name)}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
