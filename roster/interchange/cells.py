"""Reads single cells of a roster file. Each refuses with a reason that says what to do."""

import re
from datetime import date
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from babel import Locale

from core.mail import BadAddressError, to_address
from core.phone import BadPhoneError, to_e164
from roster.rules import terms

AWAY_UNTIL = "away until "
MOST_MISSIONS = 99
LEVELS = range(1, 4)
Codes = frozenset[str] | tuple[str, ...]
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Claim(NamedTuple):
    """A skill's level, and the last day on which it counts (None: it has none)."""

    level: int
    valid_until: date | None = None


class CellError(ValueError):
    """A cell that cannot be used; its text is the reason, and names the column."""


def read_email(text: str) -> str:
    """The address, trimmed and case-folded."""
    try:
        return to_address(text)
    except BadAddressError as error:
        raise CellError(f"email “{text}” is not an address") from error


def read_text(column: str, text: str, longest: int) -> str:
    """One line of at most `longest` characters."""
    if len(text) > longest:
        raise CellError(f"{column} has more than {longest} characters")
    if not text.isprintable():
        raise CellError(f"{column} contains a line break or a character that cannot be shown")
    return text


def read_phone(text: str, country: str) -> str:
    """The number as E.164; national spellings are read as those of `country`."""
    try:
        return to_e164(text, country or None)
    except BadPhoneError as error:
        raise CellError(
            f"phone “{text}” is not possible; write it with its country code, like +41225550100"
        ) from error


def read_country(text: str) -> str:
    """An ISO 3166-1 code of two letters."""
    code = text.upper()
    if code not in _countries():
        raise CellError(f"country “{text}” is no ISO 3166-1 code of two letters")
    return code


def read_code(column: str, text: str, known: Codes) -> str:
    """One of `known`, in any case."""
    code = _by_fold(known).get(text.casefold())
    if code is None:
        raise CellError(f"{column} “{text}” is not known")
    return code


def read_number(column: str, text: str, least: float, most: float) -> float:
    """A number between `least` and `most`, with a point or a comma for decimals."""
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise CellError(f"{column} “{text}” is not a number") from error
    if not least <= number <= most:
        raise CellError(f"{column} must be between {least:g} and {most:g}; it is {text}")
    return number


def read_missions(text: str) -> int:
    """A whole number of missions at a time."""
    if not text.isdecimal() or int(text) > MOST_MISSIONS:
        raise CellError(f"max_missions “{text}” is not a whole number from 0 to {MOST_MISSIONS}")
    return int(text)


def read_time_zone(text: str) -> str:
    """An IANA time zone."""
    if text not in _zones():
        raise CellError(f"time_zone “{text}” is no IANA zone, like Africa/Nairobi")
    return text


def read_date(column: str, text: str) -> date:
    """A date as YYYY-MM-DD."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CellError(f"{column} “{text}” is not a date like 2027-01-31")


def read_list(text: str) -> list[str]:
    """Items between semicolons, each once."""
    return list(dict.fromkeys(item.strip() for item in text.split(";") if item.strip()))


def read_skills(text: str, known: Codes) -> dict[str, Claim]:
    """Claims by code: `CODE` (level 2), `CODE:LEVEL`, or with its end `CODE:LEVEL:2027-01-31`."""
    skills: dict[str, Claim] = {}
    for item in read_list(text):
        name, mark, rest = (part.strip() for part in item.partition(":"))
        level, dated, last_day = (part.strip() for part in rest.partition(":"))
        code = read_code("skill", name, known)
        if mark and not (level.isdecimal() and int(level) in LEVELS):
            raise CellError(f"skill “{item}” has a level other than 1, 2 or 3")
        if code in skills:
            raise CellError(f"skill {code} is named twice")
        ends = read_date(f"skill “{item}”:", last_day) if dated else None
        skills[code] = Claim(int(level) if mark else terms.DEFAULT_LEVEL, ends)
    return skills


def read_modes(text: str) -> set[str]:
    """`remote`, `on_site`, or both."""
    return {read_code("mode", item, terms.MODES) for item in read_list(text)}


def read_available(text: str) -> str | date:
    """`yes`, `no`, or the last day of an absence."""
    folded = " ".join(text.casefold().split())
    if folded in {"yes", "no"}:
        return folded
    if folded.startswith(AWAY_UNTIL):
        return read_date("available", folded.removeprefix(AWAY_UNTIL))
    raise CellError(f"available “{text}” must be yes, no or away until YYYY-MM-DD")


@cache
def _by_fold(known: Codes) -> dict[str, str]:
    return {code.casefold(): code for code in known}


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha())


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
