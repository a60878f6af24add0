"""In which order candidates are asked, and which of them make a team; hard filters lie below.

Pure order over frozen candidates: knows no database and measures no distance itself.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from roster.rules.terms import REMOTE, Candidate, Mode

Band = Literal["under_250", "250_1000", "over_1000"]
NEVER = datetime.min.replace(tzinfo=UTC)

# Any one of the skills in a set will do (TAXONOMY §4: ICT wants DRB or CIR or IPA).
Cover = Sequence[frozenset[str]]


def _by_distance(candidate: Candidate) -> tuple[float, int, datetime, int]:
    """Nearest; then the least loaded, then who was asked longest ago (never: first), then id."""
    last = candidate.last_offered or NEVER
    return candidate.distance_km, candidate.load, last, candidate.id


def _by_fit(candidate: Candidate) -> tuple[object, ...]:
    """Most desired skills; then the office's own language, awake, and then by distance."""
    unfit = (-len(set(candidate.desired)), not candidate.speaks_own_language, not candidate.awake)
    return (*unfit, *_by_distance(candidate))


def rank(candidates: Iterable[Candidate], mode: Mode) -> list[Candidate]:
    """The order of DISPATCH "Who is asked": by exact geodesic km, for `remote` by fit first."""
    if mode == REMOTE:
        return sorted(candidates, key=_by_fit)
    return sorted(candidates, key=_by_distance)


def choose_team(
    ranked: Sequence[Candidate],
    wanted: int,
    *,
    slots: int,
    cover: Cover = (),
    taken: Sequence[Collection[str]] = (),
) -> list[Candidate]:
    """The `wanted` candidates to ask now, the ones to ask first in front.

    With one slot: the first of `ranked`, always. With several, the team should cover the skills
    of `cover`: while nobody has a seat the first of `ranked` is asked first; every further seat
    goes to whoever adds most of what the team lacks, at a tie to the first in rank, and to the
    first in rank when nobody adds anything. `taken` are the desired skills of each expert that
    has a seat already. When more are wanted than seats are open, one whole team after the other
    is put together, so that whoever answers first fits.
    """
    if not cover:
        return list(ranked[:wanted])
    seats = max(1, slots - len(taken))
    left = list(ranked)
    chosen: list[Candidate] = []
    while left and len(chosen) < wanted:
        round_start = len(chosen) - len(chosen) % seats
        team = [*taken, *(candidate.desired for candidate in chosen[round_start:])]
        pick = _next_member(left, team, cover) if team else left[0]
        left.remove(pick)
        chosen.append(pick)
    return chosen


def _next_member(
    left: Sequence[Candidate], team: Sequence[Collection[str]], cover: Cover
) -> Candidate:
    """Who adds most of what `team` lacks; `max` keeps the first of equals."""
    has = set().union(*team)
    missing = [skills for skills in cover if not skills & has]
    return max(left, key=lambda candidate: sum(bool(s & set(candidate.desired)) for s in missing))


def distance_band(km: float) -> Band:
    """What an office may know of a distance before that expert has accepted."""
    if km < 250:
        return "under_250"
    return "250_1000" if km <= 1000 else "over_1000"
