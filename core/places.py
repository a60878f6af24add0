"""Where a place is: coordinates as typed, or a town of the offline gazetteer, best match first.

With GEOCODER=nominatim OpenStreetMap is asked first (`core.geocoder`); this module works without
any network.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from core.db import db
from core.place_query import Position, Town, read_position, read_town
from core.reference.models import Place, PlaceName
from core.spelling import fold

LONGEST = 200
# A town that many times larger than the next of its name is meant, whatever state was named.
FAR_LARGER = 10
Lookup = Callable[[str, str | None, int], list["PlaceFound"]]
REACHES = (1.0, 4.0, 16.0, 45.0, 180.0)  # degrees
EARTH_KM = 6371.0
KM_PER_DEGREE = 110.0  # a little less than a degree of a great circle has anywhere
Towns = Select[str, str, float, float, str, int]
_COLUMNS = (
    Place.name, Place.country, Place.lat, Place.lon, Place.time_zone, Place.population
)  # fmt: skip
_BY_NAME: Towns = (
    select(*_COLUMNS)
    .join(PlaceName, PlaceName.place_id == Place.id)
    .where(PlaceName.folded == bindparam("folded"))
    .order_by(Place.population.desc(), Place.id)
)


@dataclass(frozen=True)
class PlaceFound:
    """A place: degrees (WGS-84), ISO 3166-1 country, IANA zone, people living there.

    For coordinates, country and zone are those of the nearest town, and there are no people.
    """

    name: str
    country: str
    lat: float
    lon: float
    time_zone: str
    population: int = 0


def find_place(text: str, country: str | None = None, limit: int = 5) -> list[PlaceFound]:
    """The places that `text` may mean, the likeliest first; none when it is unknown.

    Understood are coordinates, towns in many scripts, `City, Country` and `City, CC`. `country`
    (ISO 3166-1) says where it is likely to be: towns there come first.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return []
    position = read_position(text)
    if position:
        return [place_at(db.session(), position)]
    online: Lookup | None = current_app.extensions.get("geocoder")
    return (online(text, country, limit) if online else []) or look_up(
        db.session(), text, country, limit
    )


def look_up(
    session: Session, text: str, country: str | None = None, limit: int = 5
) -> list[PlaceFound]:
    """Towns of the gazetteer called `text`, those of `country` first, then by population."""
    for town in read_town(text):
        found = _certain(town, _called(session, town))
        if found:
            return sorted(found, key=lambda place: place.country != country)[:limit]
    return []


def place_at(session: Session, position: Position) -> PlaceFound:
    """The position itself, with country and time zone of the nearest town."""
    town = nearest_town(session, position)
    name = f"{position.lat:g}, {position.lon:g}"
    country, zone = (town.country, town.time_zone) if town else ("", "UTC")
    return PlaceFound(name, country, position.lat, position.lon, zone)


def nearest_town(session: Session, position: Position) -> PlaceFound | None:
    """The town whose centre is nearest; None when the gazetteer is empty.

    Boxes grow until one reaches farther than its nearest town is away: none outside is nearer.
    """
    for reach in REACHES:
        towns = [PlaceFound(*row) for row in session.execute(_in_box(position, reach))]
        if towns:
            best = min(towns, key=lambda town: _km(position, town))
            if reach == REACHES[-1] or _km(position, best) < reach * KM_PER_DEGREE:
                return best
    return None


def _called(session: Session, town: Town) -> list[PlaceFound]:
    rows = session.execute(_BY_NAME, {"folded": fold(town.name)})
    return [PlaceFound(*row) for row in rows]


def _certain(town: Town, found: list[PlaceFound]) -> list[PlaceFound]:
    if town.country:
        found = [place for place in found if place.country == town.country]
    several = town.within and len(found) > 1
    if several and found[0].population < FAR_LARGER * found[1].population:
        return []  # there are several, and we cannot tell which one lies in that state
    return found


def _in_box(position: Position, reach: float) -> Towns:
    """Towns up to `reach` degrees of a great circle away, and some more in the corners."""
    lat, lon = position.lat, position.lon
    query = select(*_COLUMNS).where(Place.lat.between(lat - reach, lat + reach))
    across = math.sin(math.radians(min(reach, 90))) / max(math.cos(math.radians(lat)), 1e-9)
    if across >= 1:
        return query  # a pole is near: every meridian is
    width = math.degrees(math.asin(across))
    west, east = lon - width, lon + width
    here: ColumnElement[bool] = Place.lon.between(west, east)
    if west < -180:
        here = or_(here, Place.lon >= west + 360)
    if east > 180:
        here = or_(here, Place.lon <= east - 360)
    return query.where(here)


def _km(position: Position, town: PlaceFound) -> float:
    """Great circle (haversine): half a percent is near enough for a time zone, and far from land
    all towns have to be compared."""
    north, south = math.radians(position.lat), math.radians(town.lat)
    across = math.radians(town.lon - position.lon)
    half_chord_sq = (
        math.sin((south - north) / 2) ** 2
        + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half_chord_sq)))
