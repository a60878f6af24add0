"""The name that a paper is shown and served under: what its sender called it, made harmless."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

LONGEST = 100
# Path separators, and what file systems, headers or shells give a meaning.
BAD = re.compile(r'[\\/:*?"<>|;%$`&\x00-\x1f\x7f]+')
LEFT_OUT = {"Cc", "Cf", "Co", "Cs"}  # controls, direction marks, private signs


def clean_name(name: str, ending: str) -> str:
    """`name` without folders, controls and direction marks, and with the `ending` of its kind."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in LEFT_OUT)
    plain = BAD.sub("_", unicodedata.normalize("NFC", shown))
    stem = plain.rsplit(".", 1)[0].strip(" ._-")
    return f"{stem[:LONGEST].rstrip() or 'paper'}.{ending}"


def told_apart(names: Sequence[str]) -> list[str]:
    """`names` in their order; those that occur again are numbered: `cv.pdf`, `cv.pdf (2)`."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return told
