"""Who gets whom when several requests wait at once: min-cost matching over each one's own list.

Pure. Reads the nearest lists that it is given, never a full table of distances, and is exact all
the same: where a list was cut off too early to be sure, it says so.

Severity by severity, the gravest first, as if the lighter ones did not exist: as many seats as can
be filled at all, everybody's first before anybody's second, and of all such ways the one with the
least total cost. Should that fill fewer seats than going one by one would (it is rare), all are
matched at once, and a graver request goes to a farther expert rather than a lighter one to nobody.
Since the sets of seats that can be filled together form a matroid, weights that fall from tier to
tier then fill the most seats of every severity and in all (Edmonds, "Matroids and the greedy
algorithm", 1971). Solved by scipy's LAPJVsp (Jonker and Volgenant, 1987).
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

SMALLEST = 1.0  # added to every cost: a weight of nought would be no edge
FIRST_LOOK, GROWTH = 16, 3  # of a long list the beginning is enough, as a rule
MILLIMETRE = 1e-6  # km: of two who cost the same, the one who is known goes first

Given: TypeAlias = dict[int, list[int]]


@dataclass(frozen=True)
class Ask:
    """One waiting request: `wanted` of its `experts` (ids, the first to ask first).

    `costs` are theirs, ascending: km, or for a remote mission their place in the list. `complete`:
    nobody else may be asked; else whoever follows costs no less than the last.
    """

    request: int
    severity: int
    wanted: int
    experts: Sequence[int]
    costs: Sequence[float]
    complete: bool = True


@dataclass(frozen=True)
class Shares:
    """The experts `given` to each request; `unsure` are those whose lists are too short to say.

    Final when nobody is unsure; else ask again with longer lists. A list as long as all that is
    wanted by all together counts as complete: of so many, somebody is always left.
    """

    given: Mapping[int, Sequence[int]]
    unsure: AbstractSet[int]


@dataclass(frozen=True)
class _Seat:
    ask: Ask
    number: int  # the first seat of a request is 0

    @property
    def tier(self) -> tuple[int, int]:
        return self.ask.severity, self.number


def assign(asks: Iterable[Ask]) -> Shares:
    """The shares of all `asks`; the same whatever order they come in."""
    in_order = sorted(asks, key=attrgetter("severity", "request"))
    length = FIRST_LOOK
    while True:
        shares = _assign([_beginning(ask, length) for ask in in_order])
        unsure = [ask for ask in in_order if ask.request in shares.unsure]
        if all(len(ask.experts) <= length for ask in unsure):
            return shares
        length *= GROWTH


def one_by_one(asks: Iterable[Ask]) -> Shares:
    """What each would take if they came one after the other: the first who are left."""
    given: Given = {}
    unsure: set[int] = set()
    taken: set[int] = set()
    for ask in asks:
        free = [expert for expert in ask.experts if expert not in taken]
        given[ask.request] = free[: ask.wanted]
        taken.update(given[ask.request])
        if len(given[ask.request]) < ask.wanted and not ask.complete:
            unsure.add(ask.request)
    return Shares(given, unsure)


def _assign(asks: Sequence[Ask]) -> Shares:
    strict = _by_severity(asks)
    if strict.unsure or _filled(strict) == sum(ask.wanted for ask in asks):
        return strict
    least = one_by_one(asks)
    if least.unsure:
        return least
    return strict if _filled(strict) >= _filled(least) else _match(asks, frozenset())


def _beginning(ask: Ask, length: int) -> Ask:
    if len(ask.experts) <= length:
        return ask
    first, costs = ask.experts[:length], ask.costs[:length]
    return replace(ask, experts=first, costs=costs, complete=False)


def _filled(shares: Shares) -> int:
    return sum(len(experts) for experts in shares.given.values())


def _by_severity(asks: Sequence[Ask]) -> Shares:
    given: dict[int, Sequence[int]] = {}
    unsure: set[int] = set()
    for _, equals in groupby(asks, key=attrgetter("severity")):
        taken = frozenset(expert for experts in given.values() for expert in experts)
        shares = _match(list(equals), taken)
        given.update(shares.given)
        unsure.update(shares.unsure)
    return Shares(given, unsure)


def _match(asks: Sequence[Ask], taken: AbstractSet[int]) -> Shares:
    """All seats of `asks` at once, without those who are `taken`."""
    seats = [_Seat(ask, number) for ask in asks for number in range(ask.wanted)]
    given: Given = {ask.request: [] for ask in asks}
    unsure: set[int] = set()
    if not seats:
        return Shares(given, unsure)
    people, weights = _edges(seats, taken)
    rows, columns = min_weight_full_bipartite_matching(weights)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        ask = seats[row].ask
        if column < len(people):
            given[ask.request].append(int(people[column]))
        elif not ask.complete:
            unsure.add(ask.request)
    return Shares(given, unsure)


def _edges(seats: Sequence[_Seat], taken: AbstractSet[int]) -> tuple[np.ndarray, csr_array]:
    """Who is on any list, and each seat's weights: for them, and last for staying empty."""
    experts = np.concatenate([np.asarray(seat.ask.experts, dtype=np.int64) for seat in seats])
    costs = np.concatenate([np.asarray(seat.ask.costs, dtype=np.float64) for seat in seats])
    rows = np.repeat(np.arange(len(seats)), [len(seat.ask.experts) for seat in seats])
    if taken:
        free = ~np.isin(experts, np.fromiter(taken, dtype=np.int64))
        experts, costs, rows = experts[free], costs[free], rows[free]
    people, columns = np.unique(experts, return_inverse=True)
    shape = (len(seats), len(people) + len(seats))
    own = np.arange(len(seats))
    weights = np.concatenate([costs, _staying_empty(seats)]) + SMALLEST
    places = (np.concatenate([rows, own]), np.concatenate([columns, len(people) + own]))
    return people, csr_array((weights, places), shape=shape)


def _staying_empty(seats: Sequence[_Seat]) -> np.ndarray:
    """More than any detour of all others together, and more for a graver tier than for the next.

    Where a list goes on, no penalty: somebody at least as far as its last could be had.
    """
    farthest = max((max(seat.ask.costs, default=0.0) for seat in seats), default=0.0)
    step = (farthest + SMALLEST) * (len(seats) + 1)
    tiers = sorted({seat.tier for seat in seats}, reverse=True)
    height = {tier: step * place for place, tier in enumerate(tiers, 1)}
    return np.array([height[seat.tier] if seat.ask.complete else _last(seat) for seat in seats])


def _last(seat: _Seat) -> float:
    return max(seat.ask.costs, default=0.0) + MILLIMETRE
