"""Whom to recruit next: the profiles that would close most of the roster's gaps, one by one.

Knows the gaps of `roster.rules.gaps` and where somebody could live; no database and no person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np

from roster.rules.gaps import Bits, Cover, Kinds, Numbers, Site, open_gaps, within

PICKS = 5
# What one person can be expected to bring: more would close more, and be found nowhere.
MOST_SKILLS, MOST_LANGUAGES = 2, 2
Words = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Town:
    """Where somebody could be based, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Pick:
    """One profile to look for: where (place in the sequence of towns), skills, languages.

    `closes` are the gaps (site, kind) that nobody before it has closed; `left` how many remain.
    """

    town: int
    skills: Words
    languages: Words
    closes: tuple[tuple[int, str], ...]
    left: int


def recruit(
    covered: Cover, kinds: Kinds, towns: Sequence[Town], picks: int = PICKS
) -> tuple[Pick, ...]:
    """Up to `picks` profiles, each the one that closes most gaps that are still open.

    A profile is a town, one or two lead skills and one or two languages. At equal use the one that
    asks for less comes first, then the earlier town, skills in their order, wider languages.

    The textbook greedy for maximum coverage. What a set of profiles closes is a monotone submodular
    function of the set, so the first k picks close at least 1 − (1 − 1/k)^k, and so more than
    1 − 1/e ≈ 63%, of what the best k profiles could (Nemhauser, Wolsey and Fisher 1978, "An
    analysis of approximations for maximizing submodular set functions I", Mathematical
    Programming 14, 265-294); no algorithm in polynomial time does better (Feige 1998).
    """
    search = _Search(covered, kinds, towns)
    remaining = open_gaps(covered, kinds)
    found: list[Pick] = []
    while len(found) < picks and (best := search.best(remaining)) is not None:
        town, skills, languages = best
        closed = tuple(gap for gap in remaining if search.closes(*best, gap))
        remaining = [gap for gap in remaining if gap not in set(closed)]
        found.append(Pick(town, skills, languages, closed, len(remaining)))
    return tuple(found)


def worth_speaking(sites: Sequence[Site]) -> list[str]:
    """The languages of `sites`, the most widely understood first, less those that add nothing.

    A language adds nothing where another is understood at every office that understands it: whoever
    speaks the other instead closes at least the same gaps, so the best profile loses nothing.
    """
    offices: dict[str, set[int]] = {}
    for number, site in enumerate(sites):
        for language in site.languages:
            offices.setdefault(language, set()).add(number)
    widest = sorted(offices, key=lambda code: (-len(offices[code]), code))
    kept: list[str] = []
    for code in widest:
        if not any(offices[code] <= offices[other] for other in kept):
            kept.append(code)
    return kept


def choices(items: Sequence[T], most: int) -> list[tuple[T, ...]]:
    """Every set of one to `most` of `items`, smaller sets first, each in their order."""
    return [some for size in range(1, most + 1) for some in combinations(items, size)]


class _Search:
    """All profiles at once, as tables over the sites that each would reach and understand."""

    def __init__(self, covered: Cover, kinds: Kinds, towns: Sequence[Town]) -> None:
        self._sites, self._kinds = covered.sites, kinds
        self._skills = list(covered.skills)
        places = [(number, town.lat, town.lon) for number, town in enumerate(towns)]
        self._near: Bits = within(places, covered.sites, covered.within_km)
        self._tongues = choices(worth_speaking(covered.sites), MOST_LANGUAGES)
        self._speaks = _understood(self._tongues, covered.sites)
        self._profiles = sorted(
            (len(skills) + len(tongue), skills, number)
            for skills in choices(range(len(self._skills)), MOST_SKILLS)
            for number, tongue in enumerate(self._tongues)
        )

    def best(self, gaps: Sequence[tuple[int, str]]) -> tuple[int, Words, Words] | None:
        """The town, skills and languages that close most of `gaps`; None when nobody closes any."""
        if not gaps or not len(self._near) or not self._tongues:
            return None
        closed = self._closed(gaps)
        use = np.stack([closed[list(skills), :, tongue].sum(0) for _, skills, tongue in
                        self._profiles])  # fmt: skip
        if not (most := use.max()):
            return None
        rows, towns = np.nonzero(use == most)
        row, town = min(
            zip(rows.tolist(), towns.tolist(), strict=True),
            key=lambda pair: (self._profiles[pair[0]][0], pair[1], pair[0]),
        )
        _size, skills, tongue = self._profiles[row]
        return town, tuple(self._skills[skill] for skill in skills), self._tongues[tongue]

    def closes(self, town: int, skills: Words, languages: Words, gap: tuple[int, str]) -> bool:
        """Whether this profile closes `gap`."""
        site, kind = gap
        able = dict(self._kinds)[kind] in skills
        return bool(able and self._near[town, site] and self._sites[site].languages & {*languages})

    def _closed(self, gaps: Sequence[tuple[int, str]]) -> Numbers:
        """Table of skill × town × languages: how many of `gaps` one such person closes."""
        lead = {kind: self._skills.index(skill) for kind, skill in self._kinds}
        weight = np.zeros((len(self._skills), len(self._sites)))
        for site, kind in gaps:
            weight[lead[kind], site] += 1
        return np.stack([(self._near * row) @ self._speaks.T for row in weight])


def _understood(tongues: Sequence[Words], sites: Sequence[Site]) -> Bits:
    rows = [[bool(site.languages & {*tongue}) for site in sites] for tongue in tongues]
    return np.array(rows, dtype=np.bool_).reshape(len(tongues), len(sites))
