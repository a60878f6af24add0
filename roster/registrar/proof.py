"""Proving a phone: a proof is wanted, comes true one way or another, or is given up.

Rows only: dispatch sends what they ask for. A phone that answered a text is known to be two-way.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.wake import wake
from roster.models import Expert, PhoneProof
from roster.registrar.news import tell
from roster.registrar.phones import PhoneTakenError, holder_of
from roster.rules import proof_codes, stages

VALID = timedelta(days=7)  # a text may be answered days after a call was tried
MOST_WRONG = 5
LATEST = 50
SYSTEM = "system"


def want_proof(
    session: Session, expert: Expert, *, now: datetime, way: str = stages.BY_SMS, phone: str = ""
) -> PhoneProof:
    """Asks for a proof of the expert's phone by `way` (rules.stages.PROOF_WAYS).

    Another `phone` (E.164) becomes theirs when it is proved; until then the old one stays.

    Beginning anew, with a text, ends what was asked before; a call and the link are further ways
    beside it. The worker sends it.
    """
    if way == stages.BY_SMS:
        _end_all(session, expert, now)
    phone = phone or expert.phone
    taken = set(session.scalars(select(PhoneProof.code).where(PhoneProof.phone == phone)))
    proof = PhoneProof(
        expert=expert, phone=phone, code=proof_codes.new_code(secrets.choice, taken), way=way,
        replaces=phone != expert.phone, wanted_at=now, expires_at=now + VALID, tries=0,
    )  # fmt: skip
    session.add(proof)
    session.flush()
    wake(session)
    return proof


def prove_phone(
    session: Session, proof: PhoneProof, *, way: str, now: datetime, actor: str = ""
) -> bool:
    """The phone is theirs, as they showed by `way`; False when `proof` is over or of another phone.

    Only a text that was answered shows that two-way messages work; another way leaves that as an
    earlier text has proved it. A phone that was to replace the old one does so now. Nobody else is
    asked any more whether it is theirs. Raises PhoneTakenError when somebody else holds it.
    """
    expert, actor = proof.expert, actor or f"expert:{proof.expert.public_id}"
    if not is_open(proof, now) or not is_meant(proof):
        return False
    if holder_of(session, proof.phone, besides=expert) is not None:
        raise PhoneTakenError
    try:
        with session.begin_nested():
            _take_over(session, proof, way, actor, now)
    except IntegrityError:  # somebody else, at the same moment
        raise PhoneTakenError from None
    _end_all(session, expert, now)
    _end_others(session, proof, now)
    tell(session, expert, "phone_proved", actor=actor, now=now, way=way)
    return True


def _take_over(session: Session, proof: PhoneProof, way: str, actor: str, now: datetime) -> None:
    expert = proof.expert
    if proof.phone != expert.phone:
        expert.phone, expert.sms_failed_at = proof.phone, None
        tell(session, expert, "phone_changed", actor=actor, now=now)
        expert.two_way = False  # of this one nothing is known yet
    proof.proved_at = now
    _believe(expert, way, now)


def answer_late(session: Session, proof: PhoneProof, now: datetime) -> bool:
    """The right code came by text when `proof` was over: True when the phone is proved.

    If another way was quicker, the text shows that the phone is two-way, too. A proof that was
    given up does not come true any more.
    """
    expert = proof.expert
    if proof.phone != expert.phone:
        return False
    if proof.proved_at is not None:
        return True
    if now >= proof.expires_at or not _was_proved_since(session, proof):
        return False
    proof.proved_at = now
    _believe(expert, stages.BY_SMS, now)
    actor = f"expert:{expert.public_id}"
    tell(session, expert, "phone_proved", actor=actor, now=now, way=stages.BY_SMS)
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


def is_meant(proof: PhoneProof) -> bool:
    """Whether it is of the phone that the expert has, or wants to have."""
    return proof.replaces or proof.phone == proof.expert.phone


def texts_asking(session: Session, phone: str) -> list[PhoneProof]:
    """What `phone` was asked by text, whoever gave that number and however it ended; newest first.

    Several may have typed one number: the code tells whom an answer is about.
    """
    query = select(PhoneProof).where(PhoneProof.phone == phone, PhoneProof.way == stages.BY_SMS)
    return list(session.scalars(query.order_by(PhoneProof.id.desc()).limit(LATEST)))


def open_proofs(
    session: Session, expert: Expert, now: datetime, phone: str = ""
) -> list[PhoneProof]:
    """The proofs of the expert's present phone, or of another `phone`, that can still come true.

    The newest first.
    """
    query = select(PhoneProof).where(
        PhoneProof.expert_id == expert.id, PhoneProof.phone == (phone or expert.phone),
        PhoneProof.ended_at.is_(None), PhoneProof.expires_at > now,
    )  # fmt: skip
    return list(session.scalars(query.order_by(PhoneProof.id.desc())))


def _believe(expert: Expert, way: str, now: datetime) -> None:
    was_two_way = expert.two_way and expert.phone_proved_at is not None  # by a text, before
    expert.phone_proved_at = now
    expert.two_way = way == stages.BY_SMS or was_two_way
    if way == stages.BY_SMS:
        expert.sms_failed_at = None


def _end_others(session: Session, proof: PhoneProof, now: datetime) -> None:
    """Who has only typed this phone is known not to have it, and is asked no more."""
    query = select(PhoneProof).where(
        PhoneProof.phone == proof.phone, PhoneProof.expert_id != proof.expert_id,
        PhoneProof.ended_at.is_(None),
    )  # fmt: skip
    for other in session.scalars(query).all():
        other.ended_at = now
        tell(session, other.expert, "phone_not_proved", actor=SYSTEM, now=now, why="not theirs")


def _was_proved_since(session: Session, proof: PhoneProof) -> bool:
    """Whether this phone was proved after `proof` was asked for."""
    query = select(PhoneProof.id).where(
        PhoneProof.expert_id == proof.expert_id, PhoneProof.phone == proof.phone,
        PhoneProof.proved_at >= proof.wanted_at,
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def _end_all(session: Session, expert: Expert, now: datetime) -> None:
    session.flush()
    session.execute(
        update(PhoneProof)
        .where(PhoneProof.expert_id == expert.id, PhoneProof.ended_at.is_(None))
        .values(ended_at=now)
    )
