"""A text that is the code of a phone proof, and what we answer; before any other reading of it.

Only the phone that was asked can answer, so a code read off somebody's screen proves nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.answers.said import Arrived, Said
from dispatch.rules.replies import Reply
from dispatch.rules.vocabulary import UNCLEAR
from dispatch.wording import proofs as wording
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.registrar.phones import PhoneTakenError, holder_of
from roster.registrar.proof import is_open, texts_asking
from roster.rules import proof_codes, stages

PROVED, WRONG, TAKEN = "phone_proved", "wrong_phone_code", "phone_taken"


def hear_code(
    session: Session, message: Arrived, expert: Expert, reply: Reply, now: datetime
) -> Said | None:
    """What comes of `message` when it is a code and one is waited for; None: it is another text.

    So is whatever means something as a `reply`: AWAY 22 has the six characters of a code.
    """
    if reply.kind != UNCLEAR:
        return None
    asked = [
        proof
        for proof in registrar.open_proofs(session, expert, now, message.sender)
        if proof.way == stages.BY_SMS
    ]
    code = _code_in(message.body, asked)
    if not code:
        return None
    if asked:
        return _try(session, expert, asked, code, now)
    return _try_late(session, message, expert, code, now)


def _try(
    session: Session, expert: Expert, asked: Sequence[PhoneProof], code: str, now: datetime
) -> Said:
    """What comes of `code` while it is waited for."""
    meant = next((proof for proof in asked if proof.code == code), None)
    try:
        if meant and registrar.prove_phone(session, meant, way=stages.BY_SMS, now=now):
            return Said(PROVED, wording.proved_text(expert.language))
    except PhoneTakenError:
        return Said(TAKEN, wording.taken_text(expert.language))
    over = registrar.count_wrong(session, asked[0], now=now)
    said = wording.no_more_tries_text if over else wording.wrong_proof_text
    return Said(WRONG, said(expert.language))


def _try_late(
    session: Session, message: Arrived, expert: Expert, code: str, now: datetime
) -> Said | None:
    """What comes of `code` when nothing is asked any more; None: it is no code of ours."""
    earlier = _earlier(session, expert, message.sender, code)
    if earlier is None:
        return None
    if registrar.answer_late(session, earlier, now):
        return Said(PROVED, wording.proved_text(expert.language))
    if holder_of(session, message.sender, besides=expert) is not None:
        return Said(TAKEN, wording.taken_text(expert.language))
    return None


def asked_with(session: Session, message: Arrived, reply: Reply) -> PhoneProof | None:
    """The question that `message` answers, as its code is in it, whoever gave the number.

    Several may have typed one number: only its owner reads the codes, and says which is theirs.
    """
    if reply.kind != UNCLEAR:
        return None
    asking = (
        one
        for one in texts_asking(session, message.sender)
        if one.ended_at is None or one.expert.phone == message.sender
    )
    return next((one for one in asking if proof_codes.names_code(message.body, one.code)), None)


def newcomer(session: Session, phone: str, now: datetime) -> Expert | None:
    """Who wants to have `phone` in place of theirs, and is waited for; None when nobody is."""
    open_still = (one for one in texts_asking(session, phone) if is_open(one, now) and one.replaces)
    proof = next(open_still, None)
    return proof.expert if proof else None


def _code_in(body: str, asked: Iterable[PhoneProof]) -> str:
    """The code awaited, with whatever words around it; else a text that is a code and no more."""
    named = (proof.code for proof in asked if proof_codes.names_code(body, proof.code))
    return next(named, "") or proof_codes.read_code(body)


def _earlier(session: Session, expert: Expert, phone: str, code: str) -> PhoneProof | None:
    """What this phone was asked by text with `code`, however it ended."""
    query = select(PhoneProof).where(
        PhoneProof.expert_id == expert.id, PhoneProof.phone == phone,
        PhoneProof.code == code, PhoneProof.way == stages.BY_SMS,
    )  # fmt: skip
    return session.scalar(query.order_by(PhoneProof.id.desc()).limit(1))
