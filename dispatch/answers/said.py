"""What came of a text, in one word that is kept with it, and what is answered."""

from dataclasses import dataclass

UNKNOWN, FAILED = "unknown_sender", "failed"
UNCLEAR, NO_OFFER, WRONG_CODE = "unclear", "no_offer", "wrong_code"


@dataclass(frozen=True)
class Said:
    """The outcome of a text, and the answer; None for silence."""

    outcome: str
    answer: str | None = None
