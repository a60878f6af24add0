"""A case on the map: where the crisis is, who was asked, who could be. Drawn as SVG by the server.

Only points and labels are placed here; the land is one file that the browser keeps.
"""

from dataclasses import dataclass
from typing import Any

from core.worldmap import HEIGHT, WIDTH, project

from dispatch.models import CrisisRequest
from roster.models import Expert

MARGIN = 40.0
LEAST_WIDTH = 160.0
RIGHT_EDGE = 0.72  # beyond this part of the width a label is written to the left of its point
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Point:
    """One mark: where (in the units of the world map), what sort, and what stands beside it."""

    x: float
    y: float
    sort: str
    label: str
    leftward: bool = False


@dataclass(frozen=True)
class Picture:
    """A piece of the world map: its view box, the crisis, and the points round it."""

    left: float
    top: float
    width: float
    height: float
    crisis: Point
    points: list[Point]

    @property
    def view_box(self) -> str:
        """As SVG wants it."""
        return f"{self.left:.1f} {self.top:.1f} {self.width:.1f} {self.height:.1f}"

    @property
    def unit(self) -> float:
        """A hundredth of the width: sizes of marks and letters follow from it."""
        return self.width / 100


def draw_case(crisis: CrisisRequest, who: dict[str, Any]) -> Picture:
    """The picture of `crisis`: its offers, and the nearest of those who could be asked next.

    `who` is what `candidates.describe` says; candidates without a position are left out.
    """
    centre = project(crisis.lat, crisis.lon)
    marks = [
        (*_position(offer.expert), offer.status, f"{offer.rank}. {offer.expert.name}")
        for offer in crisis.offers
    ]
    asked = {offer.expert.public_id for offer in crisis.offers}
    for candidate in who["candidates"][:MOST_CANDIDATES]:
        facts = candidate["facts"]
        if candidate["expert"] not in asked and facts.get("lat") is not None:
            marks.append((*project(facts["lat"], facts["lon"]), "candidate", ""))
    left, top, width, height = _frame([centre, *((x, y) for x, y, _, _ in marks)])
    edge = left + width * RIGHT_EDGE
    return Picture(
        left,
        top,
        width,
        height,
        Point(*centre, "crisis", crisis.place or crisis.office.seat_city, centre[0] > edge),
        [Point(x, y, sort, label, x > edge) for x, y, sort, label in marks],
    )


def _position(expert: Expert) -> tuple[float, float]:
    return project(expert.lat, expert.lon)


def _frame(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width = max(max(xs) - min(xs) + 2 * MARGIN, LEAST_WIDTH, 2 * (max(ys) - min(ys) + 2 * MARGIN))
    width = min(width, WIDTH)
    height = min(width / 2, HEIGHT)
    left = (max(xs) + min(xs) - width) / 2
    top = (max(ys) + min(ys) - height) / 2
    return (
        min(max(left, 0), WIDTH - width),
        min(max(top, 0), HEIGHT - height),
        width,
        height,
    )
