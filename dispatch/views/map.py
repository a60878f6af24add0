"""Cases on the map, drawn as SVG by the server: where the crisis is, who was asked, who could be.

Only points, ways and labels are placed here; the land is one file that the browser keeps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.worldmap import HEIGHT, WIDTH, line, path, project
from dispatch.models import CrisisRequest
from roster.directory.where import place_of
from roster.models import Expert

MARGIN = 40.0
LEAST_WIDTH = 160.0
RIGHT_EDGE = 0.8  # beyond this part of the width a label is written to the left of its point
CRISIS, CANDIDATE = "crisis", "candidate"
LINE_HEIGHT = 2.8  # in units
CASE_UNITS, BOARD_UNITS, PLACE_UNITS = 100, 170, 60  # to the width of a picture
NEAR = 3
Frame = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True)
class Mark:
    """One mark: where (in the units of the world map), what sort, and what stands beside it.

    `way` is SVG path data of the shortest way from the crisis; `title` is said of it in full.
    """

    x: float
    y: float
    sort: str
    label: str = ""
    title: str = ""
    way: str = ""
    leftward: bool = False
    lower: float = 0.0


@dataclass(frozen=True)
class Picture:
    """A piece of the world map: its corner and size, and the marks on it, the crisis last.

    Sizes of marks and letters are in `unit`s, a little more than the width of a letter.
    """

    left: float
    top: float
    width: float
    height: float
    unit: float
    marks: list[Mark]

    @property
    def view_box(self) -> str:
        """As SVG wants it."""
        return f"{self.left:.1f} {self.top:.1f} {self.width:.1f} {self.height:.1f}"

    @property
    def is_world(self) -> bool:
        """Whether it is the whole map."""
        return self.width >= WIDTH


def draw_case(crisis: CrisisRequest, next_in_line: Iterable[Expert], now: datetime) -> Picture:
    """`crisis`, everybody who was asked where they are now, and those who could be asked next."""
    seat = (crisis.lat, crisis.lon)
    marks: list[Mark] = []
    for offer in crisis.offers:
        here = place_of(offer.expert, now)
        title = f"{offer.rank}. {offer.expert.name}"
        way = path(line(seat, here))
        marks.append(_mark(here, offer.status, label=str(offer.rank), title=title, way=way))
    name = crisis.place or crisis.office.seat_city
    marks.append(_mark(seat, CRISIS, label=name, title=name))
    asked = {offer.expert_id for offer in crisis.offers}
    others = [
        _mark(place_of(expert, now), CANDIDATE, title=expert.name)
        for expert in next_in_line
        if expert.id not in asked
    ]
    # A map that also held those who are far would show nothing of those who were asked.
    frame = _frame(marks if crisis.offers else [*marks, *others[:NEAR]])
    return _framed([*(one for one in others if _is_in(one, *frame)), *marks], frame, CASE_UNITS)


def draw_board(requests: Sequence[CrisisRequest], now: datetime) -> Picture | None:
    """All open `requests` on the whole world, with whoever is being asked; None when it is calm."""
    marks = [
        _mark(
            here,
            offer.status,
            title=offer.expert.name,
            way=path(line((crisis.lat, crisis.lon), here)),
        )
        for crisis in requests
        for offer in crisis.offers
        if offer.status in {"open", "accepted"}
        for here in [place_of(offer.expert, now)]
    ]
    places: dict[tuple[float, float], list[CrisisRequest]] = {}
    for crisis in requests:
        places.setdefault((crisis.lat, crisis.lon), []).append(crisis)
    for place, there in places.items():
        gravest = min(there, key=lambda crisis: crisis.severity)
        label = gravest.office_code + (f" ×{len(there)}" if len(there) > 1 else "")
        title = ", ".join(f"{crisis.number} {crisis.office.name_en}" for crisis in there)
        marks.append(_mark(place, f"{CRISIS}-{gravest.severity}", label=label, title=title))
    return _framed(marks, (0.0, 0.0, WIDTH, HEIGHT), BOARD_UNITS) if requests else None


def draw_places(places: Sequence[tuple[float, float, str]]) -> Picture:
    """Places that somebody has to choose among: latitude, longitude and name of each."""
    several = len(places) > 1
    marks = [
        _mark((lat, lon), CANDIDATE, label=str(number) if several else name, title=name)
        for number, (lat, lon, name) in enumerate(places, 1)
    ]
    return _framed(marks, _frame(marks), PLACE_UNITS)


def _mark(
    place: tuple[float, float], sort: str, label: str = "", title: str = "", way: str = ""
) -> Mark:
    x, y = project(*place)
    return Mark(x, y, sort, label, title, way)


def _frame(marks: Sequence[Mark]) -> Frame:
    """Corner and size of the piece of the map that holds all `marks`, twice as wide as high."""
    xs, ys = [mark.x for mark in marks], [mark.y for mark in marks]
    width = max(max(xs) - min(xs) + 2 * MARGIN, LEAST_WIDTH, 2 * (max(ys) - min(ys) + 2 * MARGIN))
    width = min(width, WIDTH)
    height = min(width / 2, HEIGHT)
    left = (max(xs) + min(xs) - width) / 2
    top = (max(ys) + min(ys) - height) / 2
    return min(max(left, 0), WIDTH - width), min(max(top, 0), HEIGHT - height), width, height


def _is_in(mark: Mark, left: float, top: float, width: float, height: float) -> bool:
    return left <= mark.x <= left + width and top <= mark.y <= top + height


def _framed(marks: Sequence[Mark], frame: Frame, units: int) -> Picture:
    """The picture of `marks`, their labels inside of it and none written over another."""
    left, _top, width, _height = frame
    unit = width / units
    placed: list[Mark] = []
    for mark in marks:
        free = replace(mark, leftward=mark.x > left + width * RIGHT_EDGE)
        while mark.label and any(_overlap(free, other, unit) for other in placed if other.label):
            free = replace(free, lower=free.lower + unit)
        placed.append(free)
    return Picture(*frame, unit, placed)


def _overlap(one: Mark, other: Mark, unit: float) -> bool:
    reach = unit * (2 + 1.4 * max(len(one.label), len(other.label)))
    near = abs(one.y + one.lower - other.y - other.lower) < LINE_HEIGHT * unit
    return near and abs(one.x - other.x) < reach
