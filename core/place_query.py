"""Takes apart what somebody typed as a place: coordinates, or a town and perhaps its country.

Pure. Which towns there are is not known here.
"""

import re
import unicodedata
from dataclasses import dataclass

from core.countries import country_code

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_DECIMAL = re.compile(
    rf"(?P<lat>{_NUMBER})°?\s*(?P<ns>[NS])?\s*[,;\s]\s*(?P<lon>{_NUMBER})°?\s*(?P<ew>[EWO])?",
    re.IGNORECASE,
)
_ANGLE = r"(\d{1,3})°\s*(\d{1,2})'\s*(?:(\d{1,2}(?:\.\d+)?)\"\s*)?"
_SEXAGESIMAL = re.compile(rf"{_ANGLE}([NS])[,;\s]*{_ANGLE}([EWO])", re.IGNORECASE)
# What people type for the marks that the patterns above know.
_MARKS = str.maketrans(
    {"٫": ".", "،": ",", "؛": ";", "−": "-", "º": "°", "’": "'", "′": "'", "”": '"', "″": '"'}
)
_COMMAS = re.compile("[,;،؛，、；]")
_IN_BRACKETS = re.compile(r"(.+)\(([^()]+)\)")


@dataclass(frozen=True)
class Position:
    """Degrees on WGS-84, north and east positive."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Town:
    """`name` as typed; `country` (ISO 3166-1) when one was named, else empty.

    `within` is what stood between the two, such as a state, and cannot be checked.
    """

    name: str
    country: str = ""
    within: str = ""


def read_position(text: str) -> Position | None:
    """`12.3, 45.6`, `12.3 N 45.6 W`, `12°18'N 45°36'E`, in any script's digits; else None."""
    known = unicodedata.normalize("NFKC", text.translate(_MARKS)).strip()
    plain = "".join(str(unicodedata.decimal(mark, mark)) for mark in known)
    if decimal := _DECIMAL.fullmatch(plain):
        lat = _signed(float(decimal["lat"]), decimal["ns"])
        lon = _signed(float(decimal["lon"]), decimal["ew"])
    elif angles := _SEXAGESIMAL.fullmatch(plain):
        lat = _signed(_degrees(*angles.group(1, 2, 3)), angles[4])
        lon = _signed(_degrees(*angles.group(5, 6, 7)), angles[8])
    else:
        return None
    return Position(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def read_town(text: str) -> list[Town]:
    """The ways to read `text`, the likeliest first: a name, `City, Country`, `City (CC)`."""
    towns = [Town(text)]
    brackets = _IN_BRACKETS.fullmatch(text.strip())
    parts = [part.strip() for part in (brackets.groups() if brackets else _COMMAS.split(text))]
    parts = [part for part in parts if part]
    if len(parts) > 1 and (country := country_code(parts[-1])):
        towns.append(Town(parts[0], country, within=", ".join(parts[1:-1])))
    return towns


def _degrees(degrees: str, minutes: str, seconds: str | None) -> float:
    return int(degrees) + int(minutes) / 60 + float(seconds or 0) / 3600


def _signed(degrees: float, side: str | None) -> float:
    # O is the west in French, Spanish and Italian; nobody writes it for the east here.
    return -abs(degrees) if side and side.upper() in "SWO" else degrees
