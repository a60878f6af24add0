"""Distances on the WGS-84 ellipsoid, and the fewest of them that prove who is nearest.

Order by distance must equal the order that `geopy.distance.geodesic` gives, to the last bit. The
database can only order by the chord between unit vectors; `nearest_exact` closes the gap. Knows
nothing of experts.

Why the chord is enough. Take reduced latitude β, tan β = (1−f) tan φ, and put each point on the
unit sphere at (β, λ). A step dβ along a meridian is sqrt(a² sin²β + b² cos²β)·dβ long on the
ellipsoid, so between b·dβ and a·dβ; a step dλ along a parallel is exactly a·cos β·dλ. Hence every
curve is between b and a times as long as its image on the sphere, and so are shortest curves:
with σ the spherical angle between two images and s the geodesic, **b·σ ≤ s ≤ a·σ**. (Karney 2013,
"Algorithms for geodesics", J. Geodesy 87, uses the same auxiliary sphere.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, inf, radians, sin, sqrt
from typing import Generic, TypeVar

from geographiclib.geodesic import Geodesic

EQUATORIAL_KM = 6378.137
FLATTENING = 1 / 298.257223563
POLAR_KM = EQUATORIAL_KM * (1 - FLATTENING)

# More than the rounding of six coordinates can add to a chord of the unit sphere, and more than
# the 15 nm by which geographiclib's own result may err (kilometres).
CHORD_SLACK = 1e-14
BOUND_SLACK_KM = 1e-9

_WGS84 = Geodesic(EQUATORIAL_KM, FLATTENING)

T = TypeVar("T")


def geodesic_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance in km between two points in degrees: `geopy.distance.geodesic` bit for bit.

    Latitudes in [-90, 90], longitudes in [-180, 180]; adding 0.0 turns −0.0 into 0.0, as geopy
    does. Two thirds of geopy's cost, since no `Point` is made.
    """
    line = _WGS84.Inverse(lat1 + 0.0, lon1 + 0.0, lat2 + 0.0, lon2 + 0.0, Geodesic.DISTANCE)
    return float(line["s12"])


def unit_vector(lat: float, lon: float) -> tuple[float, float, float]:
    """The point of the unit sphere at the reduced latitude of (lat, lon), degrees."""
    phi, lam = radians(lat), radians(lon)
    north, out = (1 - FLATTENING) * sin(phi), cos(phi)
    length = sqrt(north * north + out * out)
    return _flat(out / length * cos(lam)), _flat(out / length * sin(lam)), _flat(north / length)


def _flat(component: float) -> float:
    # Far less than CHORD_SLACK; but its square could underflow, which PostgreSQL refuses.
    return component if abs(component) > 1e-20 else 0.0


def chord_sq(p: tuple[float, float, float], q: tuple[float, float, float]) -> float:
    """The squared straight line between two unit vectors, 0 to 4: what the database orders by."""
    dx, dy, dz = p[0] - q[0], p[1] - q[1], p[2] - q[2]
    return dx * dx + dy * dy + dz * dz


def lower_bound_km(chord_squared: float) -> float:
    """No geodesic between points with this squared chord is shorter: b·σ, less any rounding."""
    chord = max(0.0, sqrt(max(0.0, chord_squared)) - CHORD_SLACK)
    sigma = 2 * asin(min(1.0, chord / 2))
    return max(0.0, POLAR_KM * sigma - BOUND_SLACK_KM)


def upper_bound_km(chord_squared: float) -> float:
    """No geodesic between points with this squared chord is longer: a·σ, and any rounding."""
    chord = sqrt(max(0.0, chord_squared)) + CHORD_SLACK
    return EQUATORIAL_KM * 2 * asin(min(1.0, chord / 2)) + BOUND_SLACK_KM


@dataclass(frozen=True)
class Placed(Generic[T]):
    """Something at a place (degrees), with its squared chord from the origin."""

    chord_sq: float
    lat: float
    lon: float
    item: T


@dataclass(frozen=True)
class Nearest(Generic[T]):
    """The nearest, by ascending exact distance in km, and what it cost to be sure.

    `evaluated` counts geodesics computed; `exhausted` is true when the candidates ran out.
    """

    found: tuple[tuple[float, T], ...]
    evaluated: int
    exhausted: bool


def nearest_exact(
    candidates: Iterable[Placed[T]], origin: tuple[float, float], k: int
) -> Nearest[T]:
    """The k nearest to `origin` (lat, lon in degrees), and all that tie with the k-th.

    `candidates` come by ascending chord and are read no further than the proof needs: until the
    lower bound of the next exceeds the k-th exact distance. So at equal distance nobody is cut by
    chance, and the caller breaks the tie. Candidates at one place share one geodesic.
    """
    found: list[tuple[float, T]] = []
    known: dict[tuple[float, float], float] = {}
    distances: list[float] = []  # all so far, ascending, at most k
    exhausted = True
    for candidate in candidates if k > 0 else ():
        kth = distances[k - 1] if len(distances) >= k else inf
        if lower_bound_km(candidate.chord_sq) > kth:
            exhausted = False
            break
        place = (candidate.lat, candidate.lon)
        if place not in known:
            known[place] = geodesic_km(*origin, *place)
        if known[place] <= kth:
            found.append((known[place], candidate.item))
            distances = sorted([*distances, known[place]])[:k]
    kth = distances[-1] if distances else -inf
    within = sorted((pair for pair in found if pair[0] <= kth), key=lambda pair: pair[0])
    return Nearest(tuple(within), len(known), exhausted)
