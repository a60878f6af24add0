"""Signed links for text messages: twenty-two letters and digits that stand for one row's number.

Less than half of `core.links`, because each character is taken from what a text may say. They
carry no age: whoever reads one looks at the row.
"""

import hashlib
import hmac

from flask import current_app

# No sign at which a phone would end the link, and no letters that are mistaken for each other.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NUMBER_BYTES, SIGNATURE_BYTES = 4, 12
LENGTH = 22  # 58 ** 22 is just more than 2 ** 128


def sign_number(purpose: str, number: int) -> str:
    """A token that stands for `number` (0 to 2³²-1) in links of this `purpose` only.

    HMAC-SHA-256 cut to 96 bits (RFC 2104, section 5): nobody guesses that over a network.
    """
    value = number.to_bytes(NUMBER_BYTES, "big")
    return _spell(value + _signature(purpose, value))


def read_number(purpose: str, token: str) -> int | None:
    """The number of a token of this `purpose`, None when it is forged or malformed."""
    raw = _unspell(token)
    if raw is None:
        return None
    value, signature = raw[:NUMBER_BYTES], raw[NUMBER_BYTES:]
    if not hmac.compare_digest(signature, _signature(purpose, value)):
        return None
    return int.from_bytes(value, "big")


def _signature(purpose: str, value: bytes) -> bytes:
    key = hashlib.sha256(f"short-link:{current_app.config['SECRET_KEY']}".encode()).digest()
    message = purpose.encode() + b"\x00" + value
    return hmac.new(key, message, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _spell(raw: bytes) -> str:
    rest, signs = int.from_bytes(raw, "big"), []
    for _place in range(LENGTH):
        rest, sign = divmod(rest, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(reversed(signs))


def _unspell(token: str) -> bytes | None:
    if len(token) != LENGTH:
        return None
    number = 0
    for sign in token:
        place = ALPHABET.find(sign)
        if place < 0:
            return None
        number = number * len(ALPHABET) + place
    size = NUMBER_BYTES + SIGNATURE_BYTES
    return number.to_bytes(size, "big") if number < 1 << (8 * size) else None
