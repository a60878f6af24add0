"""Signed links: a public id that nobody can forge, for one purpose, with its age.

Fifty characters, so that they fit into a text message.
"""

import hashlib
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.signer import HMACAlgorithm

from core import clock


class _ShortAlgorithm(HMACAlgorithm):
    """HMAC-SHA-256 cut to 96 bits: nobody guesses that over a network, and it fits a text."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:12]


class _ClockSigner(TimestampSigner):
    """Dates signatures by `now`, else by the database's clock, as everything else."""

    now: datetime | None = None

    def get_timestamp(self) -> int:
        return int((self.now or clock.now()).timestamp())


def sign(purpose: str, public_id: str, now: datetime | None = None) -> str:
    """A token that stands for `public_id` in links of this `purpose` only, made `now` (UTC)."""
    signer = _signer(purpose)
    signer.now = now
    return signer.sign(public_id).decode()


def read(purpose: str, token: str, max_age_s: int | None = None) -> str | None:
    """The public id of a token of this `purpose`, None when forged or older than `max_age_s`."""
    try:
        return _signer(purpose).unsign(token, max_age=max_age_s).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _signer(purpose: str) -> _ClockSigner:
    return _ClockSigner(
        current_app.config["SECRET_KEY"],
        salt=f"link:{purpose}",
        digest_method=hashlib.sha256,
        algorithm=_ShortAlgorithm(hashlib.sha256),
    )
