"""Recovery codes: ten, shown once, each good once, for whoever has lost the phone with the app.

Kept as argon2id with a salt of the account (ASVS 5.0, 6.5.2), so that looking one up is one hash,
and the database compares nothing but digests.
"""

import base64
import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.accounts.models import RecoveryCode

HOW_MANY = 10
BYTES = 10  # 80 bits: sixteen letters and digits in groups of four
LONGEST = 100
# As for passwords: OWASP's password storage cheat sheet, 46 MiB, once over, one lane.
MEMORY_KIB, ROUNDS, LANES, DIGEST_BYTES = 47104, 1, 1, 32


@dataclass(frozen=True)
class Sheet:
    """Ten codes as their owner sees them now and never again, and what is kept of them."""

    codes: tuple[str, ...]
    salt: str
    digests: tuple[str, ...]

    def __repr__(self) -> str:
        return "Sheet(…)"


def new_sheet() -> Sheet:
    """Ten new codes; takes half a second, so never make them inside a transaction."""
    salt = secrets.token_hex(16)
    codes = tuple(_grouped(secrets.token_bytes(BYTES)) for _number in range(HOW_MANY))
    return Sheet(codes, salt, tuple(digest_of(code, salt) for code in codes))


def digest_of(code: str, salt: str) -> str:
    """What is kept of `code`; slow on purpose. Spaces, hyphens and capitals do not matter."""
    plain = "".join(mark for mark in code.casefold() if mark.isalnum())[:LONGEST]
    raw = hash_secret_raw(
        plain.encode(), bytes.fromhex(salt), ROUNDS, MEMORY_KIB, LANES, DIGEST_BYTES, Type.ID
    )
    return raw.hex()


def keep(session: Session, user_id: int, sheet: Sheet) -> None:
    """Makes these the only codes of an account; those from before are worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, digest=digest) for digest in sheet.digests)


def use(session: Session, user_id: int, digest: str) -> bool:
    """Uses a code up; False when there is none such, or another process was faster."""
    found = (RecoveryCode.user_id == user_id, RecoveryCode.digest == digest)
    used = session.execute(delete(RecoveryCode).where(*found).returning(RecoveryCode.digest))
    return used.first() is not None


def left(session: Session, user_id: int) -> int:
    """How many are not used yet."""
    mine = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return session.scalar(mine) or 0


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
