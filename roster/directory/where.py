"""Where each expert is now, and how far from a point, as expressions of the database.

The chord between unit vectors only bounds the distance; exact kilometres are settled in Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case
from sqlalchemy.orm import InstrumentedAttribute

from roster.directory.asked import Point, Slot
from roster.models import Expert
from roster.rules import circle
from roster.rules.geodesy import unit_vector
from roster.rules.terms import Area


@dataclass(frozen=True)
class Here:
    """Columns of the place where an expert is now: degrees, and the unit vector."""

    lat: ColumnElement[float]
    lon: ColumnElement[float]
    vector: tuple[ColumnElement[float], ColumnElement[float], ColumnElement[float]]

    def chord_sq(self, there: Point) -> ColumnElement[float]:
        """The squared chord to a unit vector, see `roster.rules.geodesy.chord_sq`."""
        return chord_sq_of(self.vector, there)


def chord_sq_of(
    vector: Sequence[ColumnElement[float] | InstrumentedAttribute[float]], there: Point
) -> ColumnElement[float]:
    """The squared chord between columns and a unit vector, or slots for one."""
    dx, dy, dz = (own - other for own, other in zip(vector, there, strict=True))
    return dx * dx + dy * dy + dz * dz


def here(now: datetime | Slot) -> Here:
    """The present place until it ends, else the base."""
    # The vector is there when both coordinates are (roster.models.experts).
    present = and_(Expert.present_until > now, Expert.present_x.is_not(None))
    return Here(
        case((present, Expert.present_lat), else_=Expert.lat),
        case((present, Expert.present_lon), else_=Expert.lon),
        (
            case((present, Expert.present_x), else_=Expert.x),
            case((present, Expert.present_y), else_=Expert.y),
            case((present, Expert.present_z), else_=Expert.z),
        ),
    )


def place_of(expert: Expert, now: datetime) -> tuple[float, float]:
    """What `here` says, for one loaded expert: latitude and longitude in degrees."""
    until, lat, lon = expert.present_until, expert.present_lat, expert.present_lon
    if until is not None and until > now and lat is not None and lon is not None:
        return lat, lon
    return expert.lat, expert.lon


def perhaps_inside(area: Area, place: Here) -> ColumnElement[bool] | None:
    """Those so near the edge of the circle that only the geodesic can tell; None without one."""
    if area.lat is None or area.lon is None or area.radius_km is None:
        return None
    chord_sq = place.chord_sq(unit_vector(area.lat, area.lon))
    inner, outer = circle.inner_chord_sq(area.radius_km), circle.outer_chord_sq(area.radius_km)
    return and_(chord_sq > inner if inner > 0 else chord_sq >= 0, chord_sq <= outer)


def is_outside_circle(area: Area, lat: float, lon: float) -> bool:
    """Whether (lat, lon) is not in the circle of `area`, if it has one: for a loaded row, to the
    last bit. Of a country it knows nothing.
    """
    if area.lat is None or area.lon is None or area.radius_km is None:
        return True
    return circle.is_outside((area.lat, area.lon), area.radius_km, (lat, lon))
