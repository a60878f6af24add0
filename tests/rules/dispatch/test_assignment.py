"""Who gets whom when several requests wait: brute force over all ways to share is the judge."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from dispatch.rules.assignment import Ask, assign, one_by_one

Way: TypeAlias = dict[int, list[int]]
EXPERTS = range(1, 5)


def ask(request: int, severity: int = 1, wanted: int = 1, /, **costs: float) -> Ask:
    """`ask(7, 1, x1=10, x2=20)`: request 7 would go to expert 1 first."""
    nearest = sorted(costs.items(), key=lambda pair: pair[1])
    return Ask(
        request, severity, wanted, [int(name[1:]) for name, _ in nearest], [km for _, km in nearest]
    )


def given(*asks: Ask) -> Way:
    shares = assign(asks)
    assert not shares.unsure
    return {request: list(experts) for request, experts in shares.given.items()}


def test_somebody_alone_gets_the_first_of_the_list() -> None:
    assert given(ask(7, 1, 1, x5=10, x3=20)) == {7: [5]}
    assert set(given(ask(7, 1, 2, x5=10, x3=20, x4=30))[7]) == {5, 3}
    assert given() == {}
    assert given(ask(7)) == {7: []}


def test_the_least_distance_in_all_and_not_the_first_come() -> None:
    first, second = ask(1, x1=10, x2=20), ask(2, x1=30, x2=900)
    assert given(first, second) == {1: [2], 2: [1]}


def test_whoever_can_go_elsewhere_leaves_the_only_one_to_the_other() -> None:
    assert given(ask(1, x1=10, x2=500), ask(2, x1=20)) == {1: [2], 2: [1]}


def test_a_grave_case_keeps_its_person_though_two_light_ones_would_be_happier() -> None:
    grave = ask(3, 1, x1=10, x2=11)
    light = ask(1, 2, x1=10, x2=2000), ask(2, 2, x1=12, x3=2000)
    assert given(grave, *light)[3] == [1]


def test_everybody_has_one_before_anybody_has_two() -> None:
    greedy, modest = ask(1, 1, 3, x1=1, x2=2, x3=3), ask(2, 1, 1, x1=9, x2=9.5, x3=9.9)
    assert len(given(greedy, modest)[2]) == 1
    assert len(given(greedy, modest)[1]) == 2


def test_nobody_is_left_out_whom_going_one_by_one_would_have_served() -> None:
    # As if the lighter one did not exist, 1 and 2 would take both whom 3 could have had.
    asks = ask(1, 1, x1=1, x2=2), ask(2, 1, x1=1, x3=100), ask(3, 2, x2=5)
    assert given(*asks) == {1: [1], 2: [3], 3: [2]}


@pytest.mark.parametrize("seed", range(120))
def test_all_ways_tried_none_is_better(seed: int) -> None:
    asks = some_asks(random.Random(seed))
    best = max(all_ways(asks), key=lambda way: strict_worth(asks, way))
    if size(best) < size(one_by_one(in_order(asks)).given):
        best = max(all_ways(asks), key=lambda way: joint_worth(asks, way))
    assert cost(asks, given(*asks)) == pytest.approx(cost(asks, best))
    assert counts(asks, given(*asks)) == counts(asks, best)


@pytest.mark.parametrize("seed", range(25))
def test_never_fewer_than_one_by_one_and_nobody_twice(seed: int) -> None:
    asks = some_asks(random.Random(seed), requests=30, experts=range(25), most=8)
    shares = given(*asks)
    assert size(shares) >= size(one_by_one(in_order(asks)).given)
    taken = Counter(expert for experts in shares.values() for expert in experts)
    assert set(taken.values()) <= {1}
    for one in asks:
        assert set(shares[one.request]) <= set(one.experts)
        assert len(shares[one.request]) <= one.wanted


@pytest.mark.parametrize("seed", range(25))
def test_short_lists_give_the_same_or_say_that_they_are_too_short(seed: int) -> None:
    chance = random.Random(seed)
    whole = some_asks(chance, requests=8, experts=range(12), most=12)
    length, shares = 2, assign(cut(whole, 2))
    while shares.unsure:
        length += 1
        shares = assign(cut(whole, length))
    same = {request: list(experts) for request, experts in shares.given.items()}
    assert cost(whole, same) == pytest.approx(cost(whole, given(*whole)))
    assert counts(whole, same) == counts(whole, given(*whole))


@pytest.mark.parametrize("seed", range(5))
def test_long_lists_give_what_a_full_table_of_distances_gives(seed: int) -> None:
    km = np.random.default_rng(seed).uniform(0, 20_000, (60, 90))
    near = np.argsort(km, axis=1)
    asks = [
        Ask(row, 1, 1, near[row].tolist(), km[row, near[row]].tolist()) for row in range(len(km))
    ]
    rows, columns = linear_sum_assignment(km)
    assert cost(asks, given(*asks)) == pytest.approx(km[rows, columns].sum())


def test_lists_that_never_end_are_long_enough_when_they_hold_as_many_as_all_want() -> None:
    asks = [Ask(number, 1, 1, range(6), [5.0] * 6, complete=False) for number in range(6)]
    assert not assign(asks).unsure
    assert assign([replace(one, experts=range(5), costs=[5.0] * 5) for one in asks]).unsure


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_asking_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    asks = some_asks(chance, requests=12, experts=range(9), most=6, ties=True)
    shuffled = chance.sample(asks, len(asks))
    assert given(*asks) == given(*shuffled)


def some_asks(
    chance: random.Random,
    *,
    requests: int = 3,
    experts: Sequence[int] = EXPERTS,
    most: int = 4,
    ties: bool = False,
) -> list[Ask]:
    """Requests of all severities; distances that never tie, unless wished for."""
    km = (lambda: chance.choice((0.0, 5.0, 10.0))) if ties else (lambda: chance.uniform(0, 20_000))
    return [
        ask(
            number, chance.randint(1, 3), chance.choice((1, 1, 2)),
            **{f"x{one}": km() for one in chance.sample(experts, chance.randint(0, most))},
        )
        for number in chance.sample(range(100), requests)
    ]  # fmt: skip


def in_order(asks: Sequence[Ask]) -> list[Ask]:
    return sorted(asks, key=lambda one: (one.severity, one.request))


def cut(asks: Sequence[Ask], length: int) -> list[Ask]:
    return [
        replace(
            one, experts=one.experts[:length], costs=one.costs[:length],
            complete=len(one.experts) <= length,
        )
        for one in asks
    ]  # fmt: skip


def all_ways(asks: Sequence[Ask], taken: frozenset[int] = frozenset()) -> Iterator[Way]:
    """Every way to give each at most as many as wanted, nobody twice."""
    if not asks:
        yield {}
        return
    first, *rest = asks
    for chosen in subsets([one for one in first.experts if one not in taken], first.wanted):
        for way in all_ways(rest, taken | set(chosen)):
            yield {first.request: chosen, **way}


def subsets(people: Sequence[int], most: int) -> Iterator[list[int]]:
    if not people or most == 0:
        yield []
        return
    first, *rest = people
    yield from subsets(rest, most)
    for others in subsets(rest, most - 1):
        yield [first, *others]


def size(way: Mapping[int, Sequence[int]]) -> int:
    return sum(map(len, way.values()))


def cost(asks: Sequence[Ask], way: Way) -> float:
    return sum(
        one.costs[list(one.experts).index(expert)] for one in asks for expert in way[one.request]
    )


def counts(asks: Sequence[Ask], way: Way) -> list[int]:
    """How many seats are filled: first seats of severity 1, second seats of severity 1, …"""
    tiers = [(severity, seat) for severity in (1, 2, 3) for seat in (0, 1)]
    return [
        sum(len(way[one.request]) > seat for one in asks if one.severity == severity)
        for severity, seat in tiers
    ]


def strict_worth(asks: Sequence[Ask], way: Way) -> list[tuple[list[int], float]]:
    worths = []
    for severity in (1, 2, 3):
        own = [one for one in asks if one.severity == severity]
        worths.append((counts(own, way), -cost(own, way)))
    return worths


def joint_worth(asks: Sequence[Ask], way: Way) -> tuple[list[int], float]:
    return counts(asks, way), -cost(asks, way)
