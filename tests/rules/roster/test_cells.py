"""Cells against the plain definition of a ball: nobody inside is left out, and ranges are few."""

import random
from itertools import pairwise
from math import sqrt

import pytest

from roster.rules.cells import BITS, EVERYWHERE, Vector, cell_of, cover
from roster.rules.geodesy import chord_sq, unit_vector
from tests.rules.roster.test_geodesy import a_point

SEED = 4
EVERY_CELL = [(0, 8**BITS - 1)]


def near(dice: random.Random, centre: Vector, reach: float) -> Vector:
    """A point of the sphere, mostly within `reach` of `centre`."""
    moved = [component + dice.gauss(0, reach / 2) for component in centre]
    length = sqrt(sum(component * component for component in moved))
    x, y, z = (component / length for component in moved)
    return x, y, z


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_ring_leaves_out_nobody_who_is_in_it(seed: int) -> None:
    dice, met = random.Random(seed), 0
    for _ in range(4000):
        centre = unit_vector(*a_point(dice))
        outer = 10 ** dice.uniform(-6, 0.3)
        inner = dice.choice((0.0, outer * dice.random()))
        point = dice.choice((near(dice, centre, outer), unit_vector(*a_point(dice))))
        if inner <= sqrt(chord_sq(centre, point)) <= outer:
            met += 1
            cell = cell_of(point)
            assert any(low <= cell <= high for low, high in cover(centre, inner, outer))
    assert met > 1000


def test_ranges_are_few_at_any_radius_and_do_not_touch() -> None:
    dice = random.Random(SEED)
    for _ in range(1000):
        ranges = cover(unit_vector(*a_point(dice)), 0.0, 10 ** dice.uniform(-6, 0.3))
        assert len(ranges) <= 100
        assert all(here[1] + 1 < there[0] for here, there in pairwise(ranges))


def test_the_longest_chord_is_everywhere() -> None:
    assert cover(unit_vector(46.2, 6.1), 0.0, EVERYWHERE) == EVERY_CELL


def test_a_hole_is_not_looked_into() -> None:
    centre = unit_vector(46.2, 6.1)
    for low, high in cover(centre, 0.2, 0.3):
        assert not low <= cell_of(centre) <= high
