"""Proving a phone: a proof is wanted, comes true one way or another, or is given up.

Rows only: dispatch sends what they ask for. A phone that answered a text is known to be two-way.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.wake import wake
from roster.models import Expert, PhoneProof
from roster.registrar.news import tell
from roster.rules import proof_codes, stages

VALID = timedelta(days=7)  # a text may be answered days after a call was tried
MOST_WRONG = 5
SYSTEM = "system"


def want_proof(
    session: Session, expert: Expert, *, now: datetime, way: str = stages.BY_SMS
) -> PhoneProof:
    """Asks for a proof of the expert's phone by `way` (rules.stages.PROOF_WAYS).

    Beginning anew, with a text, ends what was asked before; a call and the link are further ways
    beside it. The worker sends it.
    """
    if way == stages.BY_SMS:
        _end_all(session, expert, now)
    taken = set(session.scalars(select(PhoneProof.code).where(PhoneProof.phone == expert.phone)))
    proof = PhoneProof(
        expert=expert, phone=expert.phone, code=proof_codes.new_code(secrets.choice, taken),
        way=way, wanted_at=now, expires_at=now + VALID, tries=0,
    )  # fmt: skip
    session.add(proof)
    session.flush()
    wake(session)
    return proof


def prove_phone(
    session: Session, proof: PhoneProof, *, way: str, now: datetime, actor: str = ""
) -> bool:
    """The phone is theirs, as they showed by `way`; False when `proof` is over or of another phone.

    Only a text that was answered shows that two-way messages work.
    """
    expert = proof.expert
    if not is_open(proof, now) or proof.phone != expert.phone:
        return False
    proof.proved_at = now
    expert.phone_proved_at = now
    expert.two_way = way == stages.BY_SMS
    if expert.two_way:
        expert.sms_failed_at = None
    _end_all(session, expert, now)
    tell(session, expert, "phone_proved", actor=actor or f"expert:{expert.public_id}", now=now,
         way=way)  # fmt: skip
    return True


def fail_proof(session: Session, proof: PhoneProof, *, now: datetime, why: str) -> None:
    """Gives `proof` up: no answer by any way, or too many wrong ones. The phone is not proved."""
    if proof.ended_at is not None:
        return
    _end_all(session, proof.expert, now)
    tell(session, proof.expert, "phone_not_proved", actor=SYSTEM, now=now, why=why)


def count_wrong(session: Session, proof: PhoneProof, *, now: datetime) -> bool:
    """Counts a wrong answer; True when it was one too many and the proof is given up."""
    proof.tries += 1
    if proof.tries < MOST_WRONG:
        return False
    fail_proof(session, proof, now=now, why="wrong codes")
    return True


def is_open(proof: PhoneProof, now: datetime) -> bool:
    """Whether `proof` can still come true."""
    return proof.ended_at is None and proof.proved_at is None and now < proof.expires_at


def open_proofs(session: Session, expert: Expert, now: datetime) -> list[PhoneProof]:
    """The proofs of the expert's present phone that can still come true, the newest first."""
    query = select(PhoneProof).where(
        PhoneProof.expert_id == expert.id, PhoneProof.phone == expert.phone,
        PhoneProof.ended_at.is_(None), PhoneProof.expires_at > now,
    )  # fmt: skip
    return list(session.scalars(query.order_by(PhoneProof.id.desc())))


def _end_all(session: Session, expert: Expert, now: datetime) -> None:
    session.flush()
    session.execute(
        update(PhoneProof)
        .where(PhoneProof.expert_id == expert.id, PhoneProof.ended_at.is_(None))
        .values(ended_at=now)
    )
