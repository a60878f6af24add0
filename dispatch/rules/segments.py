"""How many SMS segments a text takes. Knows nothing of what it says or who reads it.

3GPP TS 23.038 (alphabets) and 23.040 (concatenation): one segment holds 160 septets or 70 UTF-16
code units; of several, each holds 153 or 67, and neither an escape sequence nor a surrogate pair
is ever split between two.
"""

from collections.abc import Iterable
from dataclasses import dataclass

GSM_7, UCS_2 = "GSM-7", "UCS-2"

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # each after an escape: two septets
GSM = BASIC | EXTENDED

ALONE = {GSM_7: 160, UCS_2: 70}
JOINED = {GSM_7: 153, UCS_2: 67}


@dataclass(frozen=True)
class Segments:
    """The encoding a text needs, its length in septets or UTF-16 code units, its segments."""

    encoding: str
    units: int
    segments: int


def count(text: str) -> Segments:
    """The segments of `text`, at least one."""
    letters = set(text)
    is_gsm = letters <= GSM
    wide = letters & EXTENDED if is_gsm else {letter for letter in letters if letter > "\uffff"}
    encoding = GSM_7 if is_gsm else UCS_2
    units = len(text) + sum(map(text.count, wide))
    if units <= ALONE[encoding]:
        return Segments(encoding, units, 1)
    widths = (2 if letter in wide else 1 for letter in text)
    return Segments(encoding, units, _joined(widths, JOINED[encoding]))


def fits(text: str, segments: int = 2) -> bool:
    """Whether `text` takes no more than so many segments."""
    return count(text).segments <= segments


def _joined(widths: Iterable[int], capacity: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > capacity:
            segments, used = segments + 1, 0
        used += width
    return segments
