"""Reads one row of an offices.csv: checks every cell and says what is wrong in a sentence.

Knows no database; what is known (regions, languages) is handed in.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from babel import Locale

from core.i18n import LANGUAGES

COLUMNS = (
    "code", "kind", "iso2", "st3", "st3_differs", "name_en", "office_name", "office_acronym",
    "office_name_status", "seat_city", "seat_source", "lat", "lon", "tz_iana", "languages_bcp47",
    "wipo_region", "cdip_group", "un_language", "un_language_alt", "dial_prefix",
    "regional_offices", "note",
)  # fmt: skip
REQUIRED = (
    "code", "kind", "name_en", "seat_city", "lat", "lon", "tz_iana", "wipo_region", "un_language",
)  # fmt: skip
NATIONAL, REGIONAL = "national", "regional"
LONGEST = {
    "name_en": 200, "office_name": 300, "office_acronym": 60, "office_name_status": 40,
    "seat_city": 120, "seat_source": 60, "cdip_group": 20, "note": 500,
}  # fmt: skip
FORMS = {
    "code": (re.compile("[A-Z0-9]{2,10}"), "capital letters and digits, such as CH"),
    "iso2": (re.compile("([A-Z]{2})?"), "two capital letters (ISO 3166-1), or nothing"),
    "st3": (re.compile("([A-Z]{2})?"), "two capital letters (WIPO ST.3), or nothing"),
    "dial_prefix": (re.compile(r"(\+[0-9]{1,7})?"), "a plus sign and digits, such as +41"),
}
ZONES = frozenset(available_timezones())


class OfficeRowError(ValueError):
    """What is wrong with a row, as a sentence that names the column."""


@dataclass(frozen=True)
class Known:
    """Codes that a row may name."""

    regions: Collection[str]
    languages: Collection[str]


def read_office(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    """The row by column of the table `office`; columns that the file left out stay out.

    Raises OfficeRowError.
    """
    for column in REQUIRED:
        if not cells.get(column):
            raise OfficeRowError(f"{column} is empty")
    for column, longest in LONGEST.items():
        if len(cells.get(column, "")) > longest:
            raise OfficeRowError(f"{column} is longer than {longest} characters")
    for column, (form, description) in FORMS.items():
        if not form.fullmatch(cells.get(column, "")) and column in cells:
            raise OfficeRowError(f"{column} must be {description}; it is {cells[column]!r}")
    _check_codes(cells, known)
    return {**_plain(cells), **_converted(cells), **_lists(cells, known)}


def _check_codes(cells: Mapping[str, str], known: Known) -> None:
    choices: tuple[tuple[str, Collection[str]], ...] = (
        ("kind", (NATIONAL, REGIONAL)),
        ("wipo_region", known.regions),
        ("un_language", tuple(LANGUAGES)),
        ("un_language_alt", ("", *LANGUAGES)),
    )
    for column, allowed in choices:
        if cells.get(column, "") not in allowed:
            named = ", ".join(code for code in allowed if code)
            raise OfficeRowError(f"{column} must be one of {named}; it is {cells[column]!r}")
    if cells["tz_iana"] not in ZONES:
        raise OfficeRowError(f"tz_iana must be an IANA time zone; it is {cells['tz_iana']!r}")
    if cells["kind"] == NATIONAL and not cells.get("iso2"):
        raise OfficeRowError("iso2 is empty; only a regional office has none")


def _plain(cells: Mapping[str, str]) -> dict[str, Any]:
    columns = (*LONGEST, *FORMS, "kind", "un_language", "un_language_alt")
    plain: dict[str, Any] = {column: cells[column] for column in columns if column in cells}
    return plain | {"st3": cells.get("st3") or cells["code"][:4]}


def _converted(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "lat": _degrees("lat", cells["lat"], 90),
        "lon": _degrees("lon", cells["lon"], 180),
        "time_zone": cells["tz_iana"],
        "region": cells["wipo_region"],
    }


def _degrees(column: str, text: str, most: int) -> float:
    try:
        degrees = float(text)
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= most:  # so that "nan" is refused, too
        raise OfficeRowError(f"{column} must be a number from -{most} to {most}; it is {text!r}")
    return degrees


def _lists(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    lists: dict[str, Any] = {}
    if "languages_bcp47" in cells:
        lists["languages"] = _codes(cells["languages_bcp47"])
        unknown = [code for code in lists["languages"] if code not in known.languages]
        if unknown:
            raise OfficeRowError(f"languages_bcp47 has an unknown language: {', '.join(unknown)}")
    if "regional_offices" in cells:
        lists["regional_offices"] = _codes(cells["regional_offices"])
    return lists


def _codes(text: str) -> list[str]:
    return list(dict.fromkeys(text.replace(";", " ").split()))


def names_of(values: Mapping[str, Any]) -> dict[str, str]:
    """What an office without given names is called: its state in the six languages (CLDR)."""
    names = {"en": str(values["name_en"])}
    for language in LANGUAGES:
        territory = Locale(language).territories.get(values.get("iso2") or "")
        if territory and language != "en":
            names[language] = str(territory)
    return names
