"""The link in the last text that asks whether a phone is theirs: short, signed, for one proof."""

from sqlalchemy.orm import Session

from core.short_links import read_number, sign_number
from core.web import public_url
from roster.models import PhoneProof

PURPOSE = "phone-proof"


def link_of(proof: PhoneProof) -> str:
    """The address at which `proof`, which must have been flushed, comes true."""
    return public_url(f"/phone/{sign_number(PURPOSE, proof.id)}")


def proof_behind(session: Session, token: str) -> PhoneProof | None:
    """The proof that `token` was made for; None when it was not made by us."""
    number = read_number(PURPOSE, token)
    return None if number is None else session.get(PhoneProof, number)
