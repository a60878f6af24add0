"""The six characters by which a phone is proved: how one is made, and read out of a text.

Letters and digits are mixed, so that no word of any language, and no word of the carriers', is
ever taken for a code. Pure: where randomness comes from is not its matter.
"""

import unicodedata
from collections.abc import Callable, Container

LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
LENGTH = 6
MOST_TRIES = 1000
# Direction marks, which phones put in by themselves.
_INVISIBLE = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}

_AROUND = " \t\r\n.,:;。!\"'«»“”"


def new_code(choose: Callable[[str], str], taken: Container[str]) -> str:
    """A code that is not in `taken`; `choose` picks one character, as secrets.choice does.

    Raises RuntimeError when none is found, which does not happen: there are 10⁹.
    """
    for _ in range(MOST_TRIES):
        code = "".join(choose(LETTERS + DIGITS) for _ in range(LENGTH))
        if is_code(code) and code not in taken:
            return code
    raise RuntimeError("no code is free")


def is_code(text: str) -> bool:
    """Whether `text`, in capitals, has the form of a code."""
    kinds = {char in DIGITS for char in text}
    return len(text) == LENGTH and set(text) <= set(LETTERS + DIGITS) and kinds == {True, False}


def read_code(text: str) -> str:
    """The code that `text` consists of, however it is cased or spaced; empty for anything else."""
    code = "".join(_plain(text).strip(_AROUND).split())
    return code if is_code(code) else ""


def names_code(text: str, code: str) -> bool:
    """Whether `code` is a word of `text`, such as "yes K7Q2XA": to be asked of a code awaited."""
    return code in (word.strip(_AROUND) for word in _plain(text).split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_DIGITS).upper()
