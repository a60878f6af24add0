"""Folds names so that they are found however they were typed: case, accents, width, punctuation.

Pure. The gazetteer's file holds folded names: whoever changes `fold` makes that file anew.
"""

import re
import unicodedata

# Letters that Unicode does not take apart, and marks that people type or leave out.
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th",
        "ħ": "h", "ə": "e",
        "'": "", "’": "", "‘": "", "`": "", "´": "", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "", "ˈ": "",
        "\u0640": "",  # the Arabic stretching mark
    }
)  # fmt: skip
# Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic. The vowel signs of other
# scripts are not accents: without them a name would become another one.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")


def fold(name: str) -> str:
    """`name` for comparing: `Saint-Étienne` and `SAINT  ETIENNE` both give `saint etienne`."""
    apart = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", apart)).casefold()
    return " ".join("".join(map(_kept, plain)).split())


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    return "" if category == "Cf" else " "  # Cf: joiners and direction marks, never seen
