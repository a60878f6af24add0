"""Which passwords are good enough, said in the reader's language.

Length and zxcvbn decide; no rule asks for capitals or digits (NIST SP 800-63B, ASVS 6.2).
"""

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_security import PasswordUtil, hash_password
from zxcvbn import zxcvbn

from core.accounts.models import User

MIN_LENGTH = 8
MAX_LENGTH = 128  # characters; longer ones only cost time
LOOKED_AT = 72  # zxcvbn refuses more
GOOD = 3  # of 4: more than 10^8 guesses
OUR_WORDS = ("ip-roc", "iproc", "dispatch", "wipo", "ompi")


class WeakPasswordError(ValueError):
    """A password that is too easy to guess; its text says so to the person who chose it."""


class Passwords(PasswordUtil):
    """Flask-Security's hook for judging passwords."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """Faults, or None; and the password in the one spelling that is hashed."""
        normal = self.normalize(password)
        fault = fault_of(normal, kwargs.get("user"))
        return ([fault] if fault else None), normal


def fault_of(password: str, user: User | None = None) -> str:
    """Why `password` is refused, empty when it is good; what names `user` makes it no better."""
    if len(password) < MIN_LENGTH:
        return str(_("Use at least %(least)s characters.", least=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        return str(_("Use at most %(most)s characters.", most=MAX_LENGTH))
    known = _known_words(user)
    left = password.casefold()
    for word in known:
        left = left.replace(word, "")
    if len(left) < MIN_LENGTH or zxcvbn(password[:LOOKED_AT], user_inputs=known)["score"] < GOOD:
        return str(_("This password is easy to guess. Use four words that do not belong together."))
    return ""


def _known_words(user: User | None) -> list[str]:
    """What others know of `user`, longest first: it makes no password better."""
    words = set(OUR_WORDS)
    if user:
        said = f"{user.email} {user.name} {user.phone or ''}".casefold()
        words |= {word for word in re.split(r"[\W_]+", said) if len(word) > 2}
    return sorted(words, key=len, reverse=True)


def hashed(password: str, user: User | None = None) -> str:
    """The argon2id hash of a good password. Raises WeakPasswordError with a sentence."""
    normal = unicodedata.normalize("NFKD", password)
    if fault := fault_of(normal, user):
        raise WeakPasswordError(fault)
    return str(hash_password(normal))
