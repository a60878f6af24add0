"""Countries as people name them, in the six languages, and their ISO 3166-1 codes.

Knows no office and no database: names are those of the Unicode CLDR.
"""

from functools import lru_cache

from babel import Locale

from core.i18n import LANGUAGES
from core.spelling import fold

# What people also write; none of these is in the CLDR.
ALSO = {
    "usa": "US", "u s a": "US", "us": "US", "america": "US", "united states of america": "US",
    "uk": "GB", "u k": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "uae": "AE", "emirates": "AE",
    "holland": "NL", "ivory coast": "CI", "cote divoire": "CI", "burma": "MM", "myanmar": "MM",
    "swaziland": "SZ", "turkey": "TR", "macedonia": "MK", "czech republic": "CZ",
    "republique tcheque": "CZ", "republica checa": "CZ", "drc": "CD", "dr congo": "CD",
    "democratic republic of the congo": "CD", "congo": "CG", "republic of the congo": "CG",
    "republic of korea": "KR", "korea": "KR", "democratic peoples republic of korea": "KP",
    "russian federation": "RU", "viet nam": "VN", "lao peoples democratic republic": "LA",
    "syrian arab republic": "SY", "republic of moldova": "MD", "holy see": "VA",
    "united republic of tanzania": "TZ", "cabo verde": "CV", "brunei darussalam": "BN",
    "timor leste": "TL", "east timor": "TL", "сша": "US", "англия": "GB", "оаэ": "AE",
}  # fmt: skip
# Codes of the CLDR for unions, leftovers and tests.
NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def country_code(name: str) -> str:
    """The ISO 3166-1 code of a country named or coded in any of the six languages; else empty."""
    name = name.strip()
    if name.upper() in _codes():
        return name.upper()
    return _by_name().get(fold(name), "")


def country_name(code: str, language: str) -> str:
    """What the country `code` is called in one of the six; the code itself when unknown."""
    return str(Locale(language).territories.get(code, code))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NO_COUNTRY


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    names = {
        fold(Locale(language).territories[code]): code
        for language in LANGUAGES
        for code in _codes()
        if code in Locale(language).territories
    }
    return names | ALSO
