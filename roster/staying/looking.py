"""The turn that sees to people: who may have something due is looked at, and told in one notice.

Costs what is due: looks are in an index, and each says when the next one is. Any number of workers
may do this at once.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from core.db import db, writing
from roster import registrar
from roster.models import Expert
from roster.registrar.reach import SYSTEM
from roster.rules import stages, staying
from roster.rules.staying import Member
from roster.rules.writing_times import local_day
from roster.staying.facts import read_members
from roster.staying.notices import leave_notice, note_said

log = logging.getLogger(__name__)
AT_ONCE = 200
MOST = 2_000  # in one turn
LEASE = timedelta(minutes=10)  # a worker that claimed and died: others look after this
LOST = (OperationalError, InterfaceError)
FAULTS = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def look_at_due(now: datetime) -> int:
    """Looks at everybody whose time has come, 2,000 at most; how many were told something."""
    told = 0
    for _batch in range(MOST // AT_ONCE):
        ids = _claim(now)
        told += _look_at(ids, now)
        if len(ids) < AT_ONCE:
            break
    return told


def _claim(now: datetime) -> list[int]:
    due = select(Expert.id).where(Expert.look_at <= now).order_by(Expert.look_at).limit(AT_ONCE)
    if db.session().scalar(due.limit(1)) is None:
        return []  # and nobody was held up by a write lock
    with writing() as session:
        held = due.with_for_update(of=Expert, key_share=True, skip_locked=True)
        ids = list(session.scalars(held))
        session.execute(update(Expert).where(Expert.id.in_(ids)).values(look_at=now + LEASE))
    return ids


def _look_at(ids: Collection[int], now: datetime) -> int:
    members = read_members(db.session(), ids) if ids else {}
    busy = [who for who, member in members.items() if _has_business(member, now)]
    idle = {who: staying.next_look(members[who], now) for who in members if who not in busy}
    _put_off(idle, now)
    return sum(_see_to(who, now) for who in busy)


def _has_business(member: Member, now: datetime) -> bool:
    return bool(
        staying.sayable(member, now)
        or staying.wants_renewal(member, now)
        or staying.wants_proof(member, now)
    )


def _put_off(looks: dict[int, datetime], now: datetime) -> None:
    """Notes when each is looked at again, unless something has changed for them meanwhile."""
    if not looks:
        return
    still = (Expert.id == bindparam("who"), Expert.look_at == bindparam("leased"))
    statement = update(Expert).where(*still).values(look_at=bindparam("next_look"))
    with writing() as session:
        session.connection().execute(
            statement,
            [{"who": who, "leased": now + LEASE, "next_look": at} for who, at in looks.items()],
        )


def _see_to(expert_id: int, now: datetime) -> bool:
    """Whether the expert was told something. Who cannot be seen to stops nobody else."""
    try:
        with writing() as session:
            held = {"of": Expert, "key_share": True}
            expert = session.get(Expert, expert_id, populate_existing=True, with_for_update=held)
            return expert is not None and _tell(session, expert, now)
    except LOST:
        raise
    except FAULTS as fault:
        log.error("an expert was not seen to", extra={"expert": expert_id}, exc_info=fault)
        return False


def _tell(session: Session, expert: Expert, now: datetime) -> bool:
    member = read_members(session, [expert.id])[expert.id]
    due, proof = staying.sayable(member, now), staying.wants_proof(member, now)
    if staying.wants_renewal(member, now) and member.valid_until:
        registrar.open_case(session, expert, stages.RENEWAL, actor=SYSTEM, now=now)
        note_said(session, expert, staying.RENEWAL, member.valid_until, times=1, now=now)
    if due:
        day = local_day(member.rhythm, now)
        by_text = staying.by_text(member, due, now)
        leave_notice(session, expert, due, day, now, by_text=by_text)
    if proof:
        registrar.want_proof(session, expert, now=now)
    session.flush()
    expert.look_at = staying.next_look(read_members(session, [expert.id])[expert.id], now)
    return bool(due)
