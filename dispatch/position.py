"""Where a report's place is: coordinates as typed, or a town of the gazetteer."""

import re

COORDINATES = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,;]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")


class UnknownPlaceError(LookupError):
    """A place that is neither coordinates nor in the gazetteer."""


def locate(place: str, country: str) -> tuple[float, float]:
    """Latitude and longitude in degrees of `place`: `12.37, -1.53`, or a town.

    `country` (ISO 3166-1, may be empty) settles which of several towns of one name is meant.
    Raises UnknownPlaceError.
    """
    typed = COORDINATES.fullmatch(place)
    if typed is None:
        raise UnknownPlaceError(place)
    lat, lon = float(typed[1]), float(typed[2])
    if abs(lat) > 90 or abs(lon) > 180:
        raise UnknownPlaceError(place)
    return lat, lon
