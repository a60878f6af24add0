"""Reads one value of a crisis report, typed in a form or sent as JSON, or says what is wrong.

Knows neither the report nor the database. Every reader takes the raw value, returns it clean, and
raises BadFieldError with a sentence for the person who typed it.
"""

import math
import re
from collections.abc import Collection

from flask_babel import gettext as _

from core.phone import BadPhoneError, to_e164

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
TRUE, FALSE = (
    frozenset({"true", "1", "yes", "y", "on"}),
    frozenset({"false", "0", "no", "n", "off"}),
)


class BadFieldError(ValueError):
    """One value that cannot be used; its text is a sentence for the reader."""


def read_text(value: object, *, longest: int, lines: bool = False) -> str:
    """`value` as trimmed text of at most `longest` characters; line breaks only with `lines`."""
    if not isinstance(value, str):
        raise BadFieldError(_("Must be text"))
    text = value.replace("\r\n", "\n").strip()
    if CONTROL.search(text) or (not lines and "\n" in text):
        raise BadFieldError(_("Must not contain control characters or line breaks"))
    if len(text) > longest:
        raise BadFieldError(_("Must be %(longest)s characters or fewer", longest=longest))
    return text


def read_whole(value: object, *, least: int, most: int) -> int:
    """`value` as a whole number from `least` to `most`."""
    number = read_number(value, least=least, most=most)
    if number != int(number):
        raise BadFieldError(_("Must be a whole number"))
    return int(number)


def read_number(value: object, *, least: float, most: float) -> float:
    """`value` as a finite number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadFieldError(_("Must be a number"))
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise BadFieldError(_("Must be a number")) from None
    if not math.isfinite(number) or not least <= number <= most:
        raise BadFieldError(
            _("Must be a number from %(least)s to %(most)s", least=least, most=most)
        )
    return number


def read_flag(value: object) -> bool:
    """`value` as yes or no."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadFieldError(_("Must be yes or no"))


def read_list(value: object, *, most: int, longest: int) -> tuple[str, ...]:
    """`value`, a list or one text, as at most `most` texts, each once."""
    items = value if isinstance(value, list | tuple) else [value]
    if len(items) > most:
        raise BadFieldError(_("Must have %(most)s entries or fewer", most=most))
    texts = [read_text(item, longest=longest) for item in items]
    return tuple(dict.fromkeys(text for text in texts if text))


def read_choice(value: object, known: Collection[str]) -> str:
    """`value` as one of `known`."""
    text = read_text(value, longest=40)
    if text not in known:
        raise BadFieldError(_("“%(value)s” is not one of the choices", value=text))
    return text


def read_choices(value: object, known: Collection[str]) -> tuple[str, ...]:
    """`value` as a list of some of `known`, each once."""
    texts = read_list(value, most=100, longest=40)
    for text in texts:
        read_choice(text, known)
    return texts


def read_skills(value: object, known: Collection[str], level: int) -> tuple[tuple[str, int], ...]:
    """`CODE` (meaning `level`) or `CODE:LEVEL` (1 to 3) of `known` skills; the last one counts."""
    wanted: dict[str, int] = {}
    for text in read_list(value, most=100, longest=40):
        code, colon, given = text.partition(":")
        read_choice(code, known)
        wanted[code] = read_whole(given, least=1, most=3) if colon else level
    return tuple(wanted.items())


def read_phone(value: object, country: str) -> str:
    """`value` as an E.164 number; `country` (ISO 3166-1, may be empty) reads national spellings."""
    text = read_text(value, longest=40)
    try:
        return to_e164(text, country)
    except BadPhoneError:
        raise BadFieldError(
            _("Enter a phone number with its country code, like +41 22 555 01 00")
        ) from None


def read_email(value: object) -> str:
    """`value` as an e-mail address."""
    text = read_text(value, longest=254)
    if not EMAIL.fullmatch(text):
        raise BadFieldError(
            _("Enter an email address in the correct format, like name@example.org")
        )
    return text


def read_languages(value: object, known: Collection[str]) -> tuple[str, ...]:
    """`value` as BCP-47 codes of `known` languages, whatever their case.

    `pt-BR` is read as `pt` when only that is known.
    """
    by_folded = {code.lower(): code for code in known}
    codes = []
    for text in read_list(value, most=50, longest=12):
        folded = text.lower().replace("_", "-")
        code = by_folded.get(folded) or by_folded.get(folded.split("-")[0])
        if code is None:
            raise BadFieldError(_("“%(value)s” is not a known language", value=text))
        codes.append(code)
    return tuple(dict.fromkeys(codes))
