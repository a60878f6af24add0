"""Distances against geopy itself, the bound against the ellipsoid, the search against a sort."""

import random
from collections.abc import Iterator
from math import asin, inf, sqrt

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.rules.geodesy import (
    BOUND_SLACK_KM,
    EQUATORIAL_KM,
    Placed,
    chord_sq,
    geodesic_km,
    lower_bound_km,
    nearest_exact,
    unit_vector,
)

Point = tuple[float, float]

NORTH_POLE, SOUTH_POLE = (90.0, 0.0), (-90.0, 0.0)
CORNERS: list[tuple[Point, Point]] = [
    ((0.0, 0.0), (0.0, 0.0)),
    ((46.2, 6.15), (46.2, 6.15)),
    (NORTH_POLE, NORTH_POLE),
    (NORTH_POLE, (90.0, 123.4)),
    (NORTH_POLE, SOUTH_POLE),
    (NORTH_POLE, (0.0, 77.0)),
    ((89.999999, 10.0), (89.999999, -170.0)),
    ((0.0, 180.0), (0.0, -180.0)),
    ((0.0, 179.999999), (0.0, -179.999999)),
    ((-16.5, 179.9), (-16.5, -179.9)),
    ((52.0, 180.0), (51.0, -180.0)),
    ((0.0, 0.0), (0.0, 180.0)),
    ((0.0, 0.0), (0.0, 179.5)),
    ((0.0, 0.0), (0.5, 179.7)),
    ((30.0, 0.0), (-30.0, 180.0)),
    ((30.0, 0.0), (-29.9, 179.8)),
    ((-41.32, 174.81), (40.96, -5.5)),
    ((1e-9, 0.0), (-1e-9, 0.0)),
    ((-0.0, -0.0), (10.0, -0.0)),
    ((45.0, 1e-12), (45.0, -1e-12)),
]


def a_point(dice: random.Random) -> Point:
    """A place of a kind that goes wrong: uniform, polar, at the antimeridian, in a crowd."""
    kind = dice.randrange(6)
    if kind == 0:
        return dice.choice((90.0, -90.0, 89.9999, -89.9999)), dice.uniform(-180, 180)
    if kind == 1:
        return dice.uniform(-90, 90), dice.choice((180.0, -180.0, 179.9999, -179.9999))
    if kind == 2:
        return round(dice.uniform(-90, 90)), round(dice.uniform(-180, 180))
    if kind == 3:
        return 46.2 + dice.gauss(0, 1e-4), 6.15 + dice.gauss(0, 1e-4)
    return dice.uniform(-90, 90), dice.uniform(-180, 180)


def geopy_km(p: Point, q: Point) -> float:
    return float(geodesic(p, q).km)


def by_chord(origin: Point, points: list[Point]) -> Iterator[Placed[int]]:
    """What a database gives: points by ascending squared chord, then by id."""
    start = unit_vector(*origin)
    rows = sorted((chord_sq(start, unit_vector(*p)), i) for i, p in enumerate(points))
    return (Placed(squared, *points[i], i) for squared, i in rows)


@pytest.mark.parametrize(("p", "q"), CORNERS)
def test_a_distance_is_geopys_to_the_last_bit_in_the_corners_of_the_world(
    p: Point, q: Point
) -> None:
    assert geodesic_km(*p, *q) == geopy_km(p, q)
    assert geodesic_km(*q, *p) == geopy_km(q, p)


def test_a_distance_is_geopys_to_the_last_bit_for_thousands_of_pairs() -> None:
    dice = random.Random(20261122)
    for _ in range(3000):
        p, q = a_point(dice), a_point(dice)
        assert geodesic_km(*p, *q) == geopy_km(p, q), (p, q)


def assert_bounded(p: Point, q: Point) -> None:
    squared = chord_sq(unit_vector(*p), unit_vector(*q))
    exact = geodesic_km(*p, *q)
    sigma = 2 * asin(min(1.0, sqrt(squared) / 2))
    assert lower_bound_km(squared) <= exact, (p, q)
    assert exact <= EQUATORIAL_KM * sigma + 1e-3, (p, q)


@pytest.mark.parametrize(("p", "q"), CORNERS)
def test_the_bound_holds_in_the_corners_of_the_world(p: Point, q: Point) -> None:
    assert_bounded(p, q)


def test_the_bound_holds_for_thousands_of_pairs_and_near_antipodes() -> None:
    dice = random.Random(7)
    for _ in range(3000):
        p = a_point(dice)
        assert_bounded(p, a_point(dice))
        lat = max(-90.0, min(90.0, -p[0] + dice.gauss(0, 0.3)))
        lon = p[1] - 180 if p[1] > 0 else p[1] + 180
        assert_bounded(p, (lat, max(-180.0, min(180.0, lon + dice.gauss(0, 0.3)))))
        assert_bounded(p, (max(-90.0, min(90.0, p[0] + dice.gauss(0, 1e-9))), p[1]))


def test_the_bound_is_tight_along_the_polar_arc_and_the_equator() -> None:
    """So that the search stops early: the bound gives away 0.34% at most."""
    for p, q in [((0.0, 0.0), (0.0, 1.0)), ((89.0, 0.0), (90.0, 0.0)), ((10.0, 5.0), (11.0, 6.0))]:
        exact = geodesic_km(*p, *q)
        bound = lower_bound_km(chord_sq(unit_vector(*p), unit_vector(*q)))
        assert exact * 0.9966 <= bound + BOUND_SLACK_KM <= exact


def test_unit_vectors_have_length_one_and_use_the_reduced_latitude() -> None:
    dice = random.Random(1)
    for _ in range(500):
        x, y, z = unit_vector(*a_point(dice))
        assert x * x + y * y + z * z == pytest.approx(1.0, abs=1e-15)
    # tan β = (1−f) tan φ: at 45 degrees north the image lies south of 45 degrees.
    assert unit_vector(45.0, 0.0)[2] == pytest.approx(0.7059187, abs=1e-6)


def test_no_component_is_so_small_that_a_database_could_not_square_it() -> None:
    for point in [(1e-300, 0.0), (90.0, 1e-300), (-90.0, 180.0), (0.0, 5e-324), (90.0, 90.0)]:
        assert all(part == 0.0 or abs(part) > 1e-20 for part in unit_vector(*point))


def assert_the_nearest(origin: Point, points: list[Point], k: int) -> int:
    """Compares with sorting all by geopy; returns how many geodesics it took."""
    result = nearest_exact(by_chord(origin, points), origin, k)
    everyone = sorted(geopy_km(origin, p) for p in points)
    kth = everyone[min(k, len(points)) - 1] if points and k else -inf
    expected = {(d, i) for i, p in enumerate(points) if (d := geopy_km(origin, p)) <= kth}
    assert set(result.found) == expected
    assert [d for d, _ in result.found] == sorted(d for d, _ in result.found)
    return result.evaluated


def test_the_nearest_are_those_of_a_full_sort_and_take_few_geodesics() -> None:
    dice = random.Random(99)
    evaluated = []
    for _ in range(60):
        origin = a_point(dice)
        crowd = [a_point(dice) for _ in range(dice.choice((3, 40, 300)))]
        evaluated.append(assert_the_nearest(origin, crowd, 10))
    assert max(evaluated) <= 30
    assert sorted(evaluated)[len(evaluated) // 2] <= 12


@given(data=st.data())
@settings(max_examples=150)
def test_the_nearest_are_those_of_a_full_sort_in_any_world(data: st.DataObject) -> None:
    lat = st.floats(-90, 90) | st.sampled_from([0.0, 90.0, -90.0, 45.0])
    lon = st.floats(-180, 180) | st.sampled_from([0.0, 180.0, -180.0])
    point = st.tuples(lat, lon)
    points = data.draw(st.lists(point, max_size=20))
    origin = data.draw(st.sampled_from(points) | point if points else point)
    assert_the_nearest(origin, points, data.draw(st.integers(0, 6)))


def test_everybody_who_ties_with_the_last_is_found() -> None:
    crowd = [(10.0, 10.0)] * 7 + [(0.0, 0.0)]
    result = nearest_exact(by_chord((0.0, 0.0), crowd), (0.0, 0.0), 2)
    assert sorted(i for _, i in result.found) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert result.evaluated == 2  # one place, one geodesic


def test_mirror_images_of_one_place_tie_to_the_last_bit() -> None:
    crowd = [(20.0, 30.0), (20.0, -30.0), (-20.0, 30.0), (-20.0, -30.0)]
    result = nearest_exact(by_chord((0.0, 0.0), crowd), (0.0, 0.0), 1)
    assert {i for _, i in result.found} == {i for i, p in enumerate(crowd)
        if geopy_km((0.0, 0.0), p) == min(geopy_km((0.0, 0.0), q) for q in crowd)}  # fmt: skip


def test_candidates_are_read_no_further_than_the_proof_needs() -> None:
    def row(lat: float) -> Placed[str]:
        return Placed(chord_sq(unit_vector(0, 0), unit_vector(lat, 0)), lat, 0.0, str(lat))

    def endless() -> Iterator[Placed[str]]:
        yield row(1.0)
        yield row(2.0)
        pytest.fail("read on after the proof")

    result = nearest_exact(endless(), (0.0, 0.0), 1)
    assert [item for _, item in result.found] == ["1.0"]
    assert not result.exhausted
    assert nearest_exact([row(1.0)], (0.0, 0.0), 5).exhausted


def test_a_spherical_order_would_have_been_wrong() -> None:
    """The reason for all this: the chord alone puts these two the wrong way round."""
    origin, north, east = (0.0, 0.0), (10.0, 0.0), (0.0, 9.96)
    crowd = [north, east]
    assert [crowd[row.item] for row in by_chord(origin, crowd)] == [east, north]
    assert geopy_km(origin, north) < geopy_km(origin, east)
    assert_the_nearest(origin, crowd, 1)
