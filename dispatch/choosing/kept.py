"""What is kept of a choice for those who ask later: the first in line, with distance and facts.

While an office waits only a few are looked at; the worker adds the rest of the list.
"""

from typing import Any

from roster.rules.terms import Candidate

POOL = 50  # how many are kept of each decision; also to put a team together from
FEW = 5  # to choose one from: each costs an exact distance


def as_kept(candidate: Candidate, rank: int, *, asked: bool = False) -> dict[str, Any]:
    """A candidate as JSON, distance in km; names nobody."""
    return {
        "expert": candidate.public_id,
        "rank": rank,
        "distance_km": round(candidate.distance_km, 1),
        "asked": asked,
        "facts": candidate.facts,
    }
