"""The chord may only say what the geodesic would say, too."""

from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from roster.rules import circle
from roster.rules.geodesy import chord_sq, geodesic_km, unit_vector

points = st.one_of(
    st.sampled_from(((90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (0.0, -180.0), (0.5, 179.7))),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)
factors = st.one_of(st.just(1.0), st.floats(0.9, 1.1), st.floats(0.0, 3.0))


@given(points, points, factors)
def test_what_the_chord_is_sure_of_is_so(
    centre: tuple[float, float], place: tuple[float, float], factor: float
) -> None:
    km = geodesic_km(*centre, *place)
    radius = km * factor
    chord = chord_sq(unit_vector(*centre), unit_vector(*place))
    if 0 < circle.inner_chord_sq(radius) >= chord:
        assert km <= radius
    if chord > circle.outer_chord_sq(radius):
        assert km > radius
    assert not circle.surely_outside(centre, radius, place) or km > radius


def test_a_circle_of_half_the_earth_or_more_leaves_nobody_surely_outside() -> None:
    assert not circle.surely_outside((0.0, 0.0), 20_004.0, (0.0, 180.0))


def test_nobody_is_surely_inside_a_point() -> None:
    assert circle.inner_chord_sq(0.0) == 0.0


@given(points, points, points, st.floats(0.0, 20_100.0))
def test_whatever_is_about_a_place_in_a_circle_is_in_the_circle(
    here: tuple[float, float], centre: tuple[float, float], place: tuple[float, float], km: float
) -> None:
    inside = circle.inside_chord(here, centre, km)
    if sqrt(chord_sq(unit_vector(*here), unit_vector(*place))) < inside:
        assert geodesic_km(*centre, *place) <= km
    assert km < 1e-6 or circle.inside_chord(centre, centre, km) > 0
