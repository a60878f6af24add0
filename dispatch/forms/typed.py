"""What people type, as a crisis report wants it: digits of any script, names of languages."""

import re
from collections.abc import Mapping

from core.spelling import fold

BETWEEN = re.compile(r"[,;،؛、，；\n]+")
AFTER_POINT = str.maketrans({",": ".", "٫": ".", "，": "."})


def read_digits(text: str) -> int | float | str:
    """`text` as the number it is; as it stands when it is none, so that the report says so."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text.strip())
    digits = digits.translate(AFTER_POINT)
    if digits.isascii() and digits.isdigit():
        return int(digits) if len(digits) < 10 else text
    return float(digits) if re.fullmatch(r"\d{1,6}\.\d{1,6}", digits, re.ASCII) else text


def read_languages(text: str, known: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The codes of the languages named in `text`, in any of our languages or as codes.

    What names none of `known` (names by language, by code) is handed on for the report to refuse.
    """
    codes = {fold(name): code for code, names in known.items() for name in names.values()}
    codes |= {code.casefold(): code for code in known}
    words: list[str] = []
    for part in filter(None, (part.strip() for part in BETWEEN.split(text))):
        whole = codes.get(fold(part)) or codes.get(part.casefold())
        words += [whole] if whole else [codes.get(fold(word), word) for word in part.split()]
    return words


def show_languages(codes: list[str], known: Mapping[str, Mapping[str, str]], language: str) -> str:
    """The names of `codes` in `language`, as `read_languages` reads them."""
    mark = "، " if language == "ar" else ", "
    return mark.join(known.get(code, {}).get(language) or code for code in codes)
