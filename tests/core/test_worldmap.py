"""The map's projection in Python is the one that the land was drawn with."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worldmap import HEIGHT, WIDTH, line, path, project

LAND = Path(__file__).parents[2] / "static" / "build" / "land.json"
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    """What the build of the land says of itself."""
    found: dict[str, Any] = json.loads(LAND.read_text(encoding="utf-8"))
    return found


def test_python_and_the_build_put_landmarks_in_the_same_place(drawn: dict[str, Any]) -> None:
    assert len(drawn["landmarks"]) >= 9
    for name, mark in drawn["landmarks"].items():
        assert project(mark["lat"], mark["lon"]) == pytest.approx(mark["xy"], abs=0.001), name


def test_both_have_the_same_view_box(drawn: dict[str, Any]) -> None:
    assert (drawn["width"], drawn["height"]) == (WIDTH, HEIGHT)


@given(PLACES)
def test_every_place_lies_on_the_map(place: tuple[float, float]) -> None:
    x, y = project(*place)
    assert -0.001 <= x <= WIDTH + 0.001
    assert -0.001 <= y <= HEIGHT


@given(PLACES, PLACES)
def test_no_line_is_drawn_right_across_the_map(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    lines = line(start, end, steps=180)
    for points in lines:
        for (here, high), (there, low) in pairwise(points):
            near_a_pole = min(high, low) < 20 or max(high, low) > HEIGHT - 20
            assert abs(there - here) < WIDTH / 4 or near_a_pole


def test_the_way_from_fiji_to_samoa_leaves_the_map_and_comes_back() -> None:
    lines = line((-18.1, 178.4), (-13.8, -171.8))
    assert len(lines) == 2
    assert lines[0][-1][0] > 0.9 * WIDTH
    assert lines[1][0][0] < 0.1 * WIDTH
    assert path(lines).count("M") == 2


def test_a_line_to_the_same_place_is_a_point() -> None:
    assert set(line((10, 20), (10, 20))[0]) == {project(10, 20)}
