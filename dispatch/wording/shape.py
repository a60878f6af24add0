"""Makes a text fit: plainer letters where that saves a segment, direction marks, shorter names.

Pure: knows nothing of what a text says.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from dispatch.rules.segments import GSM_7, count

LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
# In a right-to-left line a number that is followed by Latin letters, and a plus sign before a
# number, change places on the screen unless a mark says that they run from left to right.
LOOSE = re.compile(r" (?=[12] [A-Z2-9]{4}(?: |$))| (?=\+\d)")
PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-",
     "…": "...", "œ": "oe", "Œ": "OE", "\N{NO-BREAK SPACE}": " ",
     "\N{NARROW NO-BREAK SPACE}": " "}
)  # fmt: skip
SHORTEST = 5


def most_fitting(texts: Iterable[str], *, right_to_left: bool, segments: int = 2) -> str:
    """The first text that needs at most `segments`, each made lean; the last one when none does."""
    lean = ""
    for text in texts:
        lean = make_lean(mark_direction(text) if right_to_left else text)
        if count(lean).segments <= segments:
            break
    return lean


def make_lean(text: str) -> str:
    """`text`, in the GSM-7 alphabet when that takes fewer segments and loses no letter."""
    rich = count(text)
    if rich.encoding == GSM_7 or rich.segments == 1:
        return text
    plain = "".join(map(_plain, text.translate(PLAIN)))
    lean = count(plain)
    return plain if lean.encoding == GSM_7 and lean.segments < rich.segments else text


def mark_direction(text: str) -> str:
    """`text` with marks that keep `1 CODE` and `+41…` readable in a right-to-left line."""
    return LOOSE.sub(" " + LEFT_TO_RIGHT, text)


def shortened(first: str, second: str) -> Iterator[tuple[str, str]]:
    """Two names, cut shorter and shorter, the longer one first, to a few letters at last."""
    length = max(len(first), len(second))
    while length > SHORTEST:
        length -= 1
        yield _cut(first, length), _cut(second, length)


def _cut(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1].rstrip() + "."


@cache
def _plain(letter: str) -> str:
    if count(letter).encoding == GSM_7:
        return letter
    bare = unicodedata.normalize("NFKD", letter)
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
