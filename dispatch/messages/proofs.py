"""The messages that ask whether a phone is somebody's: one row for each way that is tried."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.i18n import nearest_language
from core.wake import wake
from dispatch.models import Attempt
from dispatch.rules import terms
from dispatch.rules.segments import count
from dispatch.wording import proofs as wording
from roster.joining.proof_link import link_of
from roster.models import PhoneProof
from roster.rules import stages

PROOF = "phone_proof"
LAST = 9  # after everything about a crisis


def proof_attempt(session: Session, proof: PhoneProof, now: datetime) -> Attempt:
    """Leaves the message that `proof` asks for. Such a message never says anything of a case."""
    language = nearest_language(proof.expert.language)
    by_voice = proof.way == stages.BY_VOICE
    if proof.way == stages.BY_LINK:
        body = wording.proof_link_text(language, link_of(proof))
    else:
        body = "" if by_voice else wording.proof_text(language, proof.code)
    attempt = Attempt(
        expert_id=proof.expert_id, purpose=PROOF, number=1, to=proof.phone, language=language,
        channel=terms.VOICE if by_voice else terms.SMS, body=body,
        segments=1 if by_voice else count(body).segments, priority=LAST,
        queued_at=now, due_at=now, status=terms.QUEUED, tries=0,
    )  # fmt: skip
    session.add(attempt)
    wake(session)
    return attempt
