"""A text that is the code of a phone proof, and what we answer; before any other reading of it.

Only the phone that was asked can answer, so a code read off somebody's screen proves nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.answers.said import Said
from dispatch.models import InboundMessage
from dispatch.rules.replies import Reply
from dispatch.rules.vocabulary import UNCLEAR
from dispatch.wording import proofs as wording
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.rules import proof_codes, stages

PROVED, WRONG = "phone_proved", "wrong_phone_code"


def hear_code(
    session: Session, message: InboundMessage, expert: Expert, reply: Reply, now: datetime
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
    for proof in asked:
        if proof.code == code and registrar.prove_phone(session, proof, way=stages.BY_SMS, now=now):
            return Said(PROVED, wording.proved_text(expert.language))
    if asked:
        over = registrar.count_wrong(session, asked[0], now=now)
        said = wording.no_more_tries_text if over else wording.wrong_proof_text
        return Said(WRONG, said(expert.language))
    earlier = _earlier(session, expert, message.sender, code)
    if earlier is not None and registrar.answer_late(session, earlier, now):
        return Said(PROVED, wording.proved_text(expert.language))
    return None


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
