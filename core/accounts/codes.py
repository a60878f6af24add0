"""Six digits that change every 30 seconds (TOTP, RFC 6238), as authenticator apps show them.

Secrets are encrypted with TOTP_SECRET wherever they are kept. Knows no row: whether a code was
used before is decided where it is taken.
"""

import unicodedata
from datetime import datetime
from typing import Any

import qrcode
from flask import current_app
from passlib.exc import TokenError
from passlib.totp import TOTP
from qrcode.constants import ERROR_CORRECT_M

from core.settings import Settings

ISSUER = "IP-ROC Dispatch"
DIGITS = 6
# Seconds before and after the present: clocks differ by a step, and people type slowly.
WINDOW_S = 30


def new_secret() -> str:
    """A new secret of 160 random bits, encrypted."""
    return str(_totp().new().to_json(encrypt=True))


def digits_of(typed: str) -> str:
    """`typed` without spaces and hyphens, its digits as 0–9 whatever the script."""
    plain = "".join(mark for mark in typed if not mark.isspace() and mark != "-")
    return "".join(str(unicodedata.digit(mark, mark)) for mark in plain)


def is_code(typed: str) -> bool:
    """Whether `typed` may be a code of the app."""
    return digits_of(typed).isdecimal() and len(digits_of(typed)) == DIGITS


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed, at most one away from `now`; None when it is wrong.

    All three are compared in constant time (passlib.totp).
    """
    totp = _totp().from_source(secret)
    try:
        found = totp.match(digits_of(typed), time=now.timestamp(), window=WINDOW_S)
    except TokenError:
        return None
    return int(found.counter)


def code_of(secret: str, now: datetime) -> str:
    """What the app shows at `now`."""
    return str(_totp().from_source(secret).generate(time=now.timestamp()).token)


def spelled(secret: str) -> str:
    """The secret as people type it into an app that has no camera: groups of four."""
    return str(_totp().from_source(secret).pretty_key(sep=" "))


def address_of(secret: str, email: str) -> str:
    """What apps read from the picture: otpauth:// (Google Authenticator's Key Uri Format)."""
    return str(_totp().from_source(secret).to_uri(email))


def picture_of(text: str) -> tuple[int, str]:
    """A QR code (ISO/IEC 18004) of `text`: its width in modules, and the dark ones as an SVG path.

    The quiet zone of four modules is part of it.
    """
    picture = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    picture.add_data(text)
    dark: list[str] = []
    rows = picture.get_matrix()
    for y, row in enumerate(rows):
        dark += [f"M{x},{y}h1v1h-1z" for x, is_dark in enumerate(row) if is_dark]
    return len(rows), "".join(dark)


def _totp() -> Any:
    settings: Settings = current_app.extensions["settings"]
    return TOTP.using(issuer=ISSUER, secrets={"1": settings.totp_secret})
