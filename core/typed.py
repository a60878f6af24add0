"""Names of languages as people type them, in any of the six languages or as codes."""

import re
from collections.abc import Mapping

from core.spelling import fold

BETWEEN = re.compile(r"[,;،؛、，；\n]+")
# "and", "or" in the six languages, between two names.
JOINED = re.compile(r"\s(?:and|or|et|ou|y|e|o|u|и|или|و|أو|和|或)\s", re.IGNORECASE)


def read_languages(text: str, known: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The codes of the languages named in `text`, in any of our languages or as codes.

    What names none of `known` (names by language, by code) is handed on, to be refused by name.
    """
    codes = {fold(name): code for code, names in known.items() for name in names.values()}
    codes |= {code.casefold(): code for code in known}
    parts = [part.strip() for part in BETWEEN.split(JOINED.sub(",", text))]
    return [code for part in parts if part for code in _codes(part, codes)]


def _codes(part: str, codes: Mapping[str, str]) -> list[str]:
    """The code of one name, or of several written with nothing but spaces between."""
    whole = codes.get(fold(part)) or codes.get(part.casefold())
    if whole:
        return [whole]
    each = [codes.get(fold(word), "") for word in part.split()]
    return each if all(each) else [part]


def show_languages(codes: list[str], known: Mapping[str, Mapping[str, str]], language: str) -> str:
    """The names of `codes` in `language`, as `read_languages` reads them."""
    mark = "، " if language == "ar" else ", "
    return mark.join(known.get(code, {}).get(language) or code for code in codes)
