"""Takes apart what somebody typed as a place: coordinates, or a town and perhaps its country.

Pure. Which towns there are is not known here.
"""

import re
import unicodedata
from dataclasses import dataclass

from geopy.point import Point

from core.countries import country_code

_NUMBER = r"[+-−]?\d{1,3}(?:[.]\d+)?"
_DECIMAL = re.compile(
    rf"(?P<lat>{_NUMBER})°?\s*(?P<ns>[NS])?\s*[,;\s]\s*(?P<lon>{_NUMBER})°?\s*(?P<ew>[EWO])?",
    re.IGNORECASE,
)
_SEXAGESIMAL = re.compile(r"[\d\s.,;°º'’′\"”″NSEW+-]+", re.IGNORECASE)
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
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text).strip()))
    decimal = _DECIMAL.fullmatch(plain)
    if decimal:
        lat = _signed(decimal["lat"], south_or_west=(decimal["ns"] or "").upper() == "S")
        lon = _signed(decimal["lon"], south_or_west=(decimal["ew"] or "").upper() in {"W", "O"})
    elif "°" in plain and _SEXAGESIMAL.fullmatch(plain):
        try:
            point = Point.from_string(plain)
        except ValueError:
            return None
        lat, lon = point.latitude, point.longitude
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


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return {"٫": ".", "،": ",", "؛": ";", "º": "°", "−": "-"}.get(character, character)


def _signed(text: str, *, south_or_west: bool) -> float:
    return -abs(float(text)) if south_or_west else float(text)
