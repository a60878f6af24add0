"""A text that came in, what came of it, in one word that is kept with it, and what is answered."""

from dataclasses import dataclass
from datetime import datetime

UNKNOWN, FAILED = "unknown_sender", "failed"
UNCLEAR, NO_OFFER, WRONG_CODE = "unclear", "no_offer", "wrong_code"


@dataclass
class Arrived:
    """A text that reached us at `received_at` (UTC), and whose and of which offer we find it is."""

    sid: str
    sender: str
    body: str
    received_at: datetime
    expert_id: int | None = None
    offer_id: int | None = None


@dataclass(frozen=True)
class Said:
    """The outcome of a text, and the answer; None for silence."""

    outcome: str
    answer: str | None = None
