"""Looks for the nearest where they are posted: in one list, ring by ring, until no more can matter.

A list is everybody with one skill and one language, by cell (roster.models.postings). A ring is
read by ascending chord, a page at a time, and each page is passed through every filter. It is
enough when the k-th of those who pass cannot be farther than the nearest who was not looked at:
a·σ(k-th) < b·σ(edge), by the bound proved in `roster.rules.geodesy`.
"""

from collections.abc import Iterable
from math import hypot, sqrt

from roster.directory.qualified import Qualified, Sieve
from roster.directory.rings import ring, start_of
from roster.rules.cells import EVERYWHERE, SLACK
from roster.rules.circle import inner_chord_sq, outer_chord_sq
from roster.rules.geodesy import chord_sq, lower_bound_km, unit_vector, upper_bound_km
from roster.rules.terms import Need

GROWTH = 4
MOST_RINGS = 8
TWICE = 2


def nearby(sieve: Sieve, limit: int, size: int) -> list[Qualified] | None:
    """By ascending chord, the nearest who pass, certainly with the first `limit` and their ties.

    Fewer than `limit`: there are no more. None when those who pass are so thin on the list that
    it is better to look at everybody. `size` is how many to read first.
    """
    start = start_of(sieve.session, sieve.need, TWICE * size)
    hole = _hole(sieve.need)
    inner, outer = hole, min(EVERYWHERE, hypot(hole, start.reach))
    passed: dict[int, Qualified] = {}
    for _ in range(MOST_RINGS):
        page, outer = ring(sieve, start, inner, outer, size)
        passed |= {one.id: one for one in page.passed}
        is_full = page.read == size
        edge = min(outer, sqrt(page.farthest_sq)) if is_full else outer
        near = _within(edge, passed.values())
        farthest = near[limit - 1].chord_sq if len(near) >= limit else None
        if (edge >= EVERYWHERE and not is_full) or _is_enough(farthest, edge):
            return near
        if is_full:
            size *= GROWTH
        else:  # nobody is left in it
            outer = min(EVERYWHERE, _further(farthest, outer))
        inner = edge
    return None


def _within(edge: float, passed: Iterable[Qualified]) -> list[Qualified]:
    # Rounding may put an antipode a little beyond the longest chord.
    near = (one for one in passed if edge >= EVERYWHERE or one.chord_sq <= edge * edge)
    return sorted(near, key=lambda one: (one.chord_sq, one.id))


def _is_enough(farthest: float | None, edge: float) -> bool:
    return farthest is not None and upper_bound_km(farthest) < lower_bound_km(edge * edge)


def _further(farthest: float | None, outer: float) -> float:
    if farthest is None:
        return 2 * outer
    needed = sqrt(outer_chord_sq(upper_bound_km(farthest)))
    return max(1.01 * outer, needed * (1 + 1e-9))


def _hole(need: Need) -> float:
    """A chord within which everybody is affected, by the triangle inequality; 0 without one."""
    area = need.affected
    if area is None or area.lat is None or area.lon is None or area.radius_km is None:
        return 0.0
    off = sqrt(chord_sq(unit_vector(need.lat, need.lon), unit_vector(area.lat, area.lon)))
    return max(0.0, sqrt(inner_chord_sq(area.radius_km)) - off - SLACK)
