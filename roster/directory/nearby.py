"""Looks for the nearest where they are posted: in one list, disc by disc, until no more can matter.

A list is everybody with one skill and one language, by cell (roster.models.postings). One statement
reads the nearest of a disc about the need, by the chord of their postings, and passes them through
every filter. Whoever it has not read is posted at the chord `edge` or beyond, hence at least
b·σ(edge) away. The k-th of those who pass is at most a·σ(k-th) away, and so are those before them.
So a·σ(k-th) < b·σ(edge) is enough; for the bound see `roster.rules.geodesy`.

Each disc is read from its centre on, and nothing is kept of the one before: the answer is that of
one moment, though others commit between two statements.
"""

from math import ceil, sqrt

from roster.directory.beginning import start_of
from roster.directory.discs import disc
from roster.directory.sieve import Qualified, Sieve
from roster.rules.cells import EVERYWHERE
from roster.rules.circle import outer_chord_sq
from roster.rules.geodesy import lower_bound_km, upper_bound_km

GROWTH = 4
MOST_DISCS = 8
OF_ANY_LEVEL = 1.25  # people of a list, for each whose level is high enough


def nearby(sieve: Sieve, limit: int, size: int) -> list[Qualified] | None:
    """By ascending chord, some who pass, certainly with the first `limit` and their ties.

    Fewer than `limit`: there are no more. None when those who pass are so thin on the list that
    it is better to look at everybody. `size` is how many to read first.
    """
    start = start_of(sieve.session, sieve.need, ceil(OF_ANY_LEVEL * size))
    edge, outer = start.hole, start.reach
    for _ in range(MOST_DISCS):
        page, outer = disc(sieve, start, edge, outer, size)
        is_full = page.read == size
        edge = min(outer, sqrt(page.farthest_sq)) if is_full else outer
        farthest = page.passed[limit - 1].chord_sq if len(page.passed) >= limit else None
        # At an antipode rounding may put a full page a little beyond the longest chord.
        is_all = outer >= EVERYWHERE and not is_full
        if is_all or _is_enough(farthest, edge):
            return page.passed
        size *= GROWTH
        if not is_full:
            outer = _wider(outer, farthest)
    return None


def _is_enough(farthest: float | None, edge: float) -> bool:
    return farthest is not None and upper_bound_km(farthest) < lower_bound_km(edge * edge)


def _wider(outer: float, farthest: float | None) -> float:
    """Four times as wide, or only as wide as it takes to be sure of the k-th found so far."""
    if farthest is None:
        return min(EVERYWHERE, GROWTH * outer)
    # A little more, as the bound must be passed, not met.
    needed = sqrt(outer_chord_sq(upper_bound_km(farthest))) * (1 + 1e-9)
    return min(EVERYWHERE, GROWTH * outer, needed)
