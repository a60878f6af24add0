"""The limits of a day, read from the environment: what may be sent, and taken in from strangers.

Knows no table and no Flask: who counts against a limit knows what is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

HIGHEST = 1_000_000_000


class BadLimitError(ValueError):
    """A limit that is none; its text names the setting and says what to write."""


def _limit(setting: str, default: int) -> int:
    limit: int = field(default=default, metadata={"setting": setting})
    return limit


@dataclass(frozen=True)
class Limits:
    """How much of each in 24 hours, but that segments are counted by the UTC day."""

    # Texts and calls to one number; segments and calls in all.
    messages_per_number: int = _limit("MESSAGES_PER_NUMBER", 200)
    segments_per_day: int = _limit("SEGMENTS_PER_DAY", 50_000)
    # Texts and calls that prove the phones of applicants, in all.
    applicant_messages: int = _limit("APPLICANT_MESSAGES_PER_DAY", 1_000)
    # Applications sent from one network address: behind a proxy a whole office may have one.
    applications_per_address: int = _limit("APPLICATIONS_PER_ADDRESS", 30)
    # Megabytes (10⁶ bytes) of papers: in one application, and handed in by all applicants.
    upload_mb_per_draft: int = _limit("UPLOAD_MB_PER_APPLICATION", 40)
    upload_mb_per_day: int = _limit("UPLOAD_MB_PER_DAY", 4_000)


def read_limits(environ: Mapping[str, str]) -> Limits:
    """The limits that `environ` sets, and the usual ones. Raises BadLimitError."""
    given = {}
    for one in fields(Limits):
        setting = one.metadata["setting"]
        text = environ.get(setting, "").strip()
        if text:
            given[one.name] = _whole(setting, text)
    return Limits(**given)


def _whole(setting: str, text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 0 < number <= HIGHEST:
        raise BadLimitError(f"{setting} must be a whole number, 1 or more; it is {text!r}.")
    return number
