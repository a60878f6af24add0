"""Inside a circle or not, by the chord alone where that is enough; the edge is the geodesic's.

From b·σ ≤ s ≤ a·σ, proved in `roster.rules.geodesy`. Knows nothing of experts.
"""

from math import pi, sin, sqrt

from roster.rules.geodesy import (
    BOUND_SLACK_KM,
    CHORD_SLACK,
    EQUATORIAL_KM,
    POLAR_KM,
    chord_sq,
    geodesic_km,
    unit_vector,
)

BEYOND_ANY_SQ = 4.1  # more than any squared chord


def inner_chord_sq(km: float) -> float:
    """A squared chord under which every point is within `km` of another; 0 when none surely is."""
    sigma = min(pi, (km - BOUND_SLACK_KM) / EQUATORIAL_KM)
    chord = 2 * sin(max(0.0, sigma) / 2) - CHORD_SLACK
    return chord * chord if chord > 0 else 0.0


def outer_chord_sq(km: float) -> float:
    """A squared chord over which no point is within `km` of another."""
    sigma = (km + BOUND_SLACK_KM) / POLAR_KM
    if sigma >= pi:
        return BEYOND_ANY_SQ
    return float((2 * sin(sigma / 2) + CHORD_SLACK) ** 2)


def inside_chord(here: tuple[float, float], centre: tuple[float, float], km: float) -> float:
    """A chord to `here` within which every point is within `km` of `centre` (degrees): by the
    triangle inequality. 0 when none surely is.
    """
    apart = sqrt(chord_sq(unit_vector(*here), unit_vector(*centre)))
    return max(0.0, sqrt(inner_chord_sq(km)) - apart - CHORD_SLACK)


def surely_outside(centre: tuple[float, float], km: float, place: tuple[float, float]) -> bool:
    """Whether `place` is more than `km` from `centre` (degrees) without computing a geodesic."""
    return chord_sq(unit_vector(*centre), unit_vector(*place)) > outer_chord_sq(km)


def is_outside(centre: tuple[float, float], km: float, place: tuple[float, float]) -> bool:
    """Whether `place` is more than `km` from `centre` (degrees); a geodesic where it must be."""
    return surely_outside(centre, km, place) or geodesic_km(*centre, *place) > km
