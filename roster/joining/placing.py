"""The places that may be meant, and a piece of the world map with a number at each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.countries import country_name
from core.places import PlaceFound, find_place
from core.worldmap import HEIGHT, WIDTH, project

MOST = 5
MARGIN, LEAST_WIDTH = 40.0, 330.0  # a third of the world, so that one sees where it is
UNITS = 60  # to the width of a picture, which is looked at on a phone


@dataclass(frozen=True)
class Mark:
    """A numbered point, in the units of the world map."""

    x: float
    y: float
    label: str
    title: str


@dataclass(frozen=True)
class Picture:
    """A piece of the world map; sizes of marks and letters are in `unit`s."""

    left: float
    top: float
    width: float
    height: float
    marks: Sequence[Mark]

    @property
    def unit(self) -> float:
        """A little more than the width of a letter."""
        return self.width / UNITS

    @property
    def view_box(self) -> str:
        """As SVG wants it."""
        return f"{self.left:.1f} {self.top:.1f} {self.width:.1f} {self.height:.1f}"


def find(typed: str) -> dict[str, PlaceFound]:
    """The places that `typed` may mean, by the value that stands for each in a form."""
    return {f"{place.lat:.4f},{place.lon:.4f}": place for place in find_place(typed, None, MOST)}


def name_of(place: PlaceFound, language: str) -> str:
    """`Nairobi, Kenya`, the country in `language`."""
    return f"{place.name}, {country_name(place.country, language)}"


def as_answer(place: PlaceFound, typed: str) -> Mapping[str, Any]:
    """The choice as it is kept, with what was `typed` for it."""
    return {
        "typed": typed, "name": place.name, "country": place.country, "lat": place.lat,
        "lon": place.lon, "time_zone": place.time_zone,
    }  # fmt: skip


def draw(names: Sequence[str], places: Sequence[PlaceFound]) -> Picture:
    """The map that holds all `places`, numbered from 1 when there are several."""
    marks = []
    for number, (name, place) in enumerate(zip(names, places, strict=True), 1):
        x, y = project(place.lat, place.lon)
        marks.append(Mark(x, y, str(number) if len(places) > 1 else "", name))
    xs, ys = [mark.x for mark in marks], [mark.y for mark in marks]
    across, down = max(xs) - min(xs) + 2 * MARGIN, max(ys) - min(ys) + 2 * MARGIN
    width = min(WIDTH, max(LEAST_WIDTH, across, 2 * down))
    height = min(HEIGHT, width / 2)
    left = min(max((max(xs) + min(xs) - width) / 2, 0), WIDTH - width)
    top = min(max((max(ys) + min(ys) - height) / 2, 0), HEIGHT - height)
    return Picture(left, top, width, height, marks)
