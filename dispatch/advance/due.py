"""What the worker does when it ticks or is woken: advances every request that has business now.

Any number of workers may do this at once. Each request is a transaction of its own, and one that
fails stops no other: it is on the duty board, and is tried again after a minute.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, text, union, update
from sqlalchemy.orm import Session

from core.db import db, writing
from dispatch import incidents
from dispatch.advance.next import advance_held
from dispatch.advance.together import share_out
from dispatch.choosing.candidates import explain_decisions
from dispatch.choosing.occupied import SEATED
from dispatch.faults import FAULTS
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.rules import terms
from roster.models import RosterChange

AT_ONCE = 500
RETRY = timedelta(minutes=1)
DEAD_LETTER = "dead_letter"
# Literal, so that the partial indexes are found.
OPEN_OFFER = text("offer.status = 'open'")
SLEEPING = text("crisis_request.wake_at IS NOT NULL")


def advance_due(now: datetime) -> int:
    """Advances all requests whose time has come or whose experts have changed; returns how many.

    Opens its own transactions. Costs what is due, not what ever was.
    """
    now = _take_in_news(now)
    query = (
        select(CrisisRequest.id)
        .where(is_due(now))
        .order_by(CrisisRequest.severity, CrisisRequest.wake_at, CrisisRequest.id)
    )
    due = db.session().scalars(query.limit(AT_ONCE)).all()
    turn = share_out(db.session(), due, now)
    done = sum(_advance_one(one, now, turn.left_to_others(one)) for one in turn.order)
    explain_decisions(now)
    return done


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition on CrisisRequest that it has business at `now`; found through two indexes."""
    woken = select(CrisisRequest.id).where(SLEEPING, CrisisRequest.wake_at <= now)
    awake = or_(CrisisRequest.wake_at.is_(None), CrisisRequest.wake_at <= now)
    late = (
        select(Offer.request_id)
        .join(CrisisRequest, CrisisRequest.id == Offer.request_id)
        .where(OPEN_OFFER, Offer.deadline <= now, awake)  # a bad row rests until it is tried again
    )
    return CrisisRequest.id.in_(union(woken, late))  # not OR, which would read every request


def _advance_one(request_id: int, now: datetime, spared: Collection[int]) -> bool:
    """Whether the request was advanced: another worker may be at it, or it is a bad row."""
    try:
        with writing() as session:
            request = _claim(session, request_id, now)
            if request is None:
                return False
            advance_held(session, request, now, spared)
            incidents.settle(session, _key(request_id), now)
    except FAULTS as fault:
        _report(request_id, fault, now)
        return False
    return True


def _claim(session: Session, request_id: int, now: datetime) -> CrisisRequest | None:
    query = (
        select(CrisisRequest)
        .where(CrisisRequest.id == request_id, is_due(now))
        .with_for_update(of=CrisisRequest, key_share=True, skip_locked=True)
    )
    return session.scalars(query).unique().one_or_none()


def _report(request_id: int, fault: Exception, now: datetime) -> None:
    with writing() as session:
        number = session.scalar(
            update(CrisisRequest)
            .where(CrisisRequest.id == request_id)
            .values(wake_at=now + RETRY)
            .returning(CrisisRequest.number)
        )
        incidents.record(
            session, _key(request_id), DEAD_LETTER, now, request_id=request_id, number=number,
            error=type(fault).__name__,
        )  # fmt: skip


def _key(request_id: int) -> str:
    return f"advance:{request_id}"


def _take_in_news(now: datetime) -> datetime:
    """Turns the news of the roster into requests that are due, and removes it.

    Both in one transaction, so that no news is lost and none is heeded twice. Returns the present
    as the news has it: some may be later than `now`, which was read before it.
    """
    while db.session().scalar(select(RosterChange.id).limit(1)) is not None:
        with writing() as session:
            query = select(RosterChange).order_by(RosterChange.id).limit(AT_ONCE)
            changes = session.scalars(query.with_for_update(skip_locked=True)).all()
            if not changes:
                return now  # another worker has it
            now = max(now, *(change.at for change in changes))
            _wake_up(session, _touched(session, {change.expert_id for change in changes}), now)
            session.execute(
                delete(RosterChange).where(RosterChange.id.in_([change.id for change in changes]))
            )
    return now


def _wake_up(session: Session, requests: Collection[int], now: datetime) -> None:
    query = (
        select(CrisisRequest.id).where(CrisisRequest.id.in_(requests)).order_by(CrisisRequest.id)
    )
    held = session.scalars(query.with_for_update(of=CrisisRequest, key_share=True)).all()
    session.execute(
        update(CrisisRequest)
        .where(CrisisRequest.id.in_(held))
        .where(or_(CrisisRequest.wake_at.is_(None), CrisisRequest.wake_at > now))
        .values(wake_at=now)
    )


def _touched(session: Session, experts: set[int]) -> set[int]:
    """The requests that news of these `experts` may move on."""
    offered = select(Offer.request_id).where(OPEN_OFFER, Offer.expert_id.in_(experts))
    seated = select(Mission.request_id).where(
        Mission.expert_id.in_(experts), Mission.status.in_(SEATED)
    )
    waiting = select(CrisisRequest.id).where(CrisisRequest.status == terms.UNFILLED)
    return {row for query in (offered, seated, waiting) for row in session.scalars(query)}
