"""The call that asks whether a phone is somebody's: what is said, and which key says yes."""

from datetime import datetime

from core.db import db, writing
from dispatch.models import Attempt
from dispatch.wording import proofs as wording
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.registrar.phones import PhoneTakenError
from roster.registrar.proof import is_meant
from roster.rules import stages

YES = "1"


def ask(call: Attempt, now: datetime, gather_url: str) -> str:
    """TwiML for `call`, which was picked up; a key goes to `gather_url`."""
    if _proof(call, now) is None:
        return wording.proof_over_call(call.language)
    return wording.proof_call(call.language, gather_url)


def take_key(call: Attempt, digits: str, now: datetime, gather_url: str) -> str:
    """TwiML after a key: 1 proves the phone, any other is asked again. Opens its transaction."""
    if digits != YES:
        return ask(call, now, gather_url)
    language = call.language
    with writing():
        proof = _proof(call, now)
        if proof is None:
            return wording.proof_over_call(language)
        try:
            registrar.prove_phone(db.session(), proof, way=stages.BY_VOICE, now=now)
        except PhoneTakenError:
            return wording.taken_call(language)
    return wording.proved_call(language)


def _proof(call: Attempt, now: datetime) -> PhoneProof | None:
    session = db.session()
    expert = session.get(Expert, call.expert_id)
    if expert is None:
        return None
    proofs = [
        proof for proof in registrar.open_proofs(session, expert, now, call.to) if is_meant(proof)
    ]
    return next((proof for proof in proofs if proof.way == stages.BY_VOICE), None)
