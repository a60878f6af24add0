"""Which offices nobody on the roster could help, and whose absence would leave more of them so.

Somebody covers an office with a skill when they have it, speak one of the office's languages, have
no conflict with it and are based within a distance of it. Knows no database and no moment: whoever
hands people in has left out those who do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from roster.rules.geodesy import EQUATORIAL_KM, FLATTENING, POLAR_KM, geodesic_km

SLACK = 1e-12  # more than rounding can add to the product of two unit vectors
BLOCK = 4096  # people at a time, so that a large roster fits into the caches
ENOUGH = 2  # beyond this many nobody is indispensable, and nobody is counted

Bits = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Ids = NDArray[np.int64]
Pairs = Sequence[tuple[int, str]]
Kinds = Sequence[tuple[str, str]]  # (kind of crisis, lead skill)


@dataclass(frozen=True)
class Site:
    """An office: its place in degrees, the languages in which it can be helped, and the codes
    (country, office) by which a conflict of interest names it."""

    lat: float
    lon: float
    languages: frozenset[str]
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Crew:
    """Everybody who counts: (id, lat, lon) with ids ascending and degrees, and for each what they
    can do, speak and must not touch, as (id, code)."""

    people: Sequence[tuple[int, float, float]]
    skills: Pairs
    languages: Pairs
    conflicts: Pairs = ()


@dataclass(frozen=True)
class Cover:
    """For each skill and site how many cover it (0, 1, or 2 for more), and the id of the only one.

    Both are tables of skill × site; `only` means something only where `counts` is 1.
    """

    sites: Sequence[Site]
    skills: Sequence[str]
    within_km: float
    counts: Ids
    only: Ids


@dataclass(frozen=True)
class Indispensable:
    """An expert without whom nobody covers these: (place of the site in the sequence, kind)."""

    expert: int
    gaps: tuple[tuple[int, str], ...]

    @property
    def offices(self) -> frozenset[int]:
        """The sites that would be left without somebody for some kind."""
        return frozenset(site for site, _kind in self.gaps)


def cover(sites: Sequence[Site], skills: Sequence[str], crew: Crew, within_km: float) -> Cover:
    """Who covers which of `sites` with which of `skills`, within `within_km` (WGS-84 geodesic).

    Exact: where the unit sphere of `roster.rules.geodesy` can't tell on which side of the distance
    somebody is, the geodesic is computed, and only where it can matter.
    """
    ids = np.array([one[0] for one in crew.people], dtype=np.int64)
    able = _Able(sites, crew, ids)
    holds = table(ids, crew.skills, skills)
    counts = np.zeros((len(skills), len(sites)))
    sums = np.zeros_like(counts)  # of the places of those counted: of a single one, its place
    doubtful: list[tuple[int, int]] = []
    for start in range(0, len(ids), BLOCK):
        part = slice(start, start + BLOCK)
        surely, perhaps = reach(crew.people[part], sites, within_km)
        willing = able.of(part)
        whom = (willing & surely).astype(np.float64)
        held = holds[part].astype(np.float64)
        counts += held.T @ whom
        sums += (held * np.arange(start, start + len(held))[:, None]).T @ whom
        rows, columns = np.nonzero(willing & perhaps)
        doubtful += zip((rows + start).tolist(), columns.tolist(), strict=True)
    for one, site in doubtful:
        wanted = holds[one] & (counts[:, site] < ENOUGH)
        if wanted.any() and _is_within(crew.people[one], sites[site], within_km):
            counts[wanted, site] += 1
            sums[wanted, site] += one
    single = counts == 1
    only = np.zeros(counts.shape, dtype=np.int64)
    only[single] = ids[sums[single].astype(np.int64)]
    return Cover(sites, skills, within_km, np.minimum(counts, ENOUGH).astype(np.int64), only)


def open_gaps(covered: Cover, kinds: Kinds) -> list[tuple[int, str]]:
    """Every (site, kind) that nobody covers; `kinds` are (code, lead skill)."""
    return _where(covered, kinds, 0)


def indispensable(covered: Cover, kinds: Kinds) -> list[Indispensable]:
    """Everybody who alone covers some (site, kind), whoever would be missed most first."""
    gaps: dict[int, list[tuple[int, str]]] = {}
    place = {skill: number for number, skill in enumerate(covered.skills)}
    lead = dict(kinds)
    for site, kind in _where(covered, kinds, 1):
        expert = int(covered.only[place[lead[kind]], site])
        gaps.setdefault(expert, []).append((site, kind))
    found = [Indispensable(expert, tuple(theirs)) for expert, theirs in gaps.items()]
    return sorted(found, key=lambda one: (-len(one.offices), -len(one.gaps), one.expert))


def reach(
    people: Sequence[tuple[int, float, float]], sites: Sequence[Site], within_km: float
) -> tuple[Bits, Bits]:
    """Tables of person × site: who is surely within the distance, and who may be, by a hair.

    From b·σ ≤ s ≤ a·σ (see `roster.rules.geodesy`), with the cosine of σ as the measure.
    """
    there = np.array([(site.lat, site.lon) for site in sites], dtype=np.float64).reshape(-1, 2)
    here = np.array([one[1:] for one in people], dtype=np.float64).reshape(-1, 2)
    near = _vectors(here) @ _vectors(there).T
    surely = near >= cos(min(within_km / EQUATORIAL_KM, pi)) + SLACK
    return surely, (near >= cos(min(within_km / POLAR_KM, pi)) - SLACK) & ~surely


def within(
    people: Sequence[tuple[int, float, float]], sites: Sequence[Site], within_km: float
) -> Bits:
    """Table of person (or place) × site: who is within the distance, exactly."""
    surely, perhaps = reach(people, sites, within_km)
    for one, site in np.argwhere(perhaps).tolist():
        surely[one, site] = _is_within(people[one], sites[site], within_km)
    return surely


def table(ids: Ids, pairs: Pairs, codes: Sequence[str]) -> Bits:
    """Table of person × code: what the (id, code) of `pairs` say; other codes are passed over."""
    column = {code: number for number, code in enumerate(codes)}
    known = [(one, column[code]) for one, code in pairs if code in column]
    said = np.zeros((len(ids), len(codes)), dtype=np.bool_)
    if known:
        who, what = np.array(known, dtype=np.int64).T
        said[np.searchsorted(ids, who), what] = True
    return said


class _Able:
    """Who speaks a language of which office and has no conflict with it, wherever they are."""

    def __init__(self, sites: Sequence[Site], crew: Crew, ids: Ids) -> None:
        tongues = sorted({language for site in sites for language in site.languages})
        self._asked = _codes([site.languages for site in sites], tongues)
        self._speaks = table(ids, crew.languages, tongues)
        names = sorted({code for site in sites for code in site.codes})
        self._named = _codes([site.codes for site in sites], names)
        self._barred = table(ids, crew.conflicts, names)

    def of(self, part: slice) -> Bits:
        """Table of person × site, for some of the people."""
        understood = _shared(self._speaks[part], self._asked)
        barred = self._barred[part]
        return understood & ~_shared(barred, self._named) if barred.any() else understood


def _shared(ours: Bits, theirs: Bits) -> Bits:
    """Whether a row of `ours` and a row of `theirs` have a column in common."""
    together = ours.astype(np.float32) @ theirs.astype(np.float32).T
    found: Bits = together > 0
    return found


def _codes(sets: Sequence[frozenset[str]], codes: Sequence[str]) -> Bits:
    return np.array([[code in one for code in codes] for one in sets], dtype=np.bool_).reshape(
        len(sets), len(codes)
    )


def _where(covered: Cover, kinds: Kinds, count: int) -> list[tuple[int, str]]:
    place = {skill: number for number, skill in enumerate(covered.skills)}
    return [
        (site, kind)
        for site in range(len(covered.sites))
        for kind, skill in kinds
        if covered.counts[place[skill], site] == count
    ]


def _is_within(one: tuple[int, float, float], site: Site, within_km: float) -> bool:
    return geodesic_km(one[1], one[2], site.lat, site.lon) <= within_km


def _vectors(places: Numbers) -> Numbers:
    """The unit vectors at the reduced latitude, as `roster.rules.geodesy.unit_vector`."""
    phi, lam = np.radians(places).T
    north, out = (1 - FLATTENING) * np.sin(phi), np.cos(phi)
    length = np.hypot(north, out)
    return np.stack([out / length * np.cos(lam), out / length * np.sin(lam), north / length], 1)
