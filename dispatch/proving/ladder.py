"""The worker's turn of phone proofs: sends those that are wanted, and tries the next way in time.

A text first; without an answer for a quarter of an hour a call; then the link. What comes of an
answer is done by the registrar.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.db import db, writing
from dispatch import incidents
from dispatch.messages import PROOF, proof_attempt
from dispatch.messages.recipients import settings
from dispatch.models import Attempt
from dispatch.proving.allowance import KEY, may_send, tend_alarm, within_allowance
from dispatch.rules import terms
from roster import registrar
from roster.models import PhoneProof
from roster.registrar.proof import is_meant
from roster.rules import stages
from roster.rules.terms import REMOVED

PATIENCE = timedelta(minutes=15)
AT_ONCE = 200
NEXT_WAY = {stages.BY_SMS: stages.BY_VOICE, stages.BY_VOICE: stages.BY_LINK}
FAILED = Attempt.status == terms.FAILED
OPEN = select(PhoneProof.id).where(PhoneProof.ended_at.is_(None)).limit(1)


def prove_due(now: datetime) -> int:
    """Takes every open proof one step further whose time has come; returns how many moved.

    Each is a transaction of its own.
    """
    session = db.session()
    if session.scalar(OPEN) is None and incidents.find(session, KEY) is None:
        session.commit()
        return 0  # nothing to take further, and no alarm to end
    tend_alarm(session, now)
    may_go = within_allowance(session, now)
    query = (
        select(PhoneProof.id)
        .where(_is_due(now), may_go)
        .order_by(PhoneProof.wanted_at, PhoneProof.id)
    )
    due = session.scalars(query.limit(AT_ONCE)).all()
    session.commit()
    return sum(_move(proof_id, now) for proof_id in due)


def _move(proof_id: int, now: datetime) -> bool:
    """Whether anything was done: another worker may be at it."""
    with writing() as session:
        query = select(PhoneProof).where(PhoneProof.id == proof_id, _is_due(now))
        held = session.scalar(query.with_for_update(of=PhoneProof, skip_locked=True))
        if held is None:
            return False
        return _take_further(session, held, now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Not sent yet, over, or the last way that was tried brought no answer in time, or failed."""
    later = aliased(PhoneProof)
    is_followed = exists().where(
        later.expert_id == PhoneProof.expert_id, later.id > PhoneProof.id, later.ended_at.is_(None)
    )
    is_late = and_(PhoneProof.way.in_(NEXT_WAY), PhoneProof.sent_at <= now - PATIENCE)
    unanswered = and_(~is_followed, or_(is_late, and_(_sent(FAILED), ~_sent(~FAILED))))
    open_still = PhoneProof.ended_at.is_(None)
    return and_(
        open_still, or_(PhoneProof.sent_at.is_(None), PhoneProof.expires_at <= now, unanswered)
    )


def _sent(how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a message of a proof, sent by its way, is `how`."""
    by_voice = PhoneProof.way == stages.BY_VOICE
    channel = case((by_voice, terms.VOICE), else_=terms.SMS)
    return exists().where(
        Attempt.to == PhoneProof.phone, Attempt.expert_id == PhoneProof.expert_id,
        Attempt.queued_at >= PhoneProof.sent_at,
        Attempt.purpose == PROOF, Attempt.channel == channel, how,
    )  # fmt: skip


def _take_further(session: Session, proof: PhoneProof, now: datetime) -> bool:
    expert = proof.expert
    gone = not is_meant(proof) or expert.opted_out_at is not None
    if gone or expert.status == REMOVED or expert.erased_at is not None:
        registrar.fail_proof(session, proof, now=now, why="nobody to ask")
    elif proof.expires_at <= now:
        registrar.fail_proof(session, proof, now=now, why="no answer")
    elif not may_send(session, expert, now):
        return False
    elif proof.sent_at is None:
        proof.sent_at = now
        proof_attempt(session, proof, now)
    else:
        _try_next_way(session, proof, now)
    return True


def _try_next_way(session: Session, proof: PhoneProof, now: datetime) -> None:
    way = NEXT_WAY.get(proof.way)
    if way == stages.BY_VOICE and not settings().twilio_sender.startswith("+"):
        way = stages.BY_LINK  # a messaging service has no number to call from
    if way is None:
        registrar.fail_proof(session, proof, now=now, why="not delivered")
        return
    following = registrar.want_proof(session, proof.expert, now=now, way=way, phone=proof.phone)
    following.sent_at = now
    proof_attempt(session, following, now)
