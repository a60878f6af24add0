"""Where a place lies on the world map, whose land `make assets` draws (static/build/land.svg).

Pure: knows of no person and no page. x grows to the east and y to the south, in the units of
the view box 0 0 WIDTH HEIGHT.
"""

from itertools import pairwise
from math import asin, atan2, cos, degrees, pi, radians, sin, sqrt

WIDTH = 1000.0
HEIGHT = 487.0

# Equal Earth (Šavrič, Patterson and Jenny, 2018, doi:10.1080/13658816.2018.1504949), as in d3-geo.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
_SCALE = WIDTH / (2 * pi / (_M * _A1))

Point = tuple[float, float]


def project(lat: float, lon: float) -> Point:
    """The point (x, y) of a place; `lat` within ±90 and `lon` within ±180, in degrees."""
    theta = asin(_M * sin(radians(lat)))
    squared = theta * theta
    sixth = squared**3
    slope = _A1 + 3 * _A2 * squared + sixth * (7 * _A3 + 9 * _A4 * squared)
    x = radians(lon) * cos(theta) / (_M * slope)
    return WIDTH / 2 + _SCALE * x, _TOP - _SCALE * _height(theta)


def line(start: Point, end: Point, steps: int = 32) -> list[list[Point]]:
    """The shortest way from `start` to `end`, each (lat, lon) in degrees, as lines of (x, y).

    Two lines where the way crosses the antimeridian: one ends at one edge of the map and the next
    begins at the other, so that nothing is drawn right across it.
    """
    way = [_between(start, end, step / steps) for step in range(steps + 1)]
    lines = [[project(*way[0])]]
    for here, there in pairwise(way):
        if abs(there[1] - here[1]) > 180:
            lat, edge = _crossing(here, there)
            lines[-1].append(project(lat, edge))
            lines.append([project(lat, -edge)])
        lines[-1].append(project(*there))
    return lines


def path(lines: list[list[Point]]) -> str:
    """`lines` as the data of an SVG path."""
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) for points in lines)


def _height(theta: float) -> float:
    squared = theta * theta
    return theta * (_A1 + _A2 * squared + squared**3 * (_A3 + _A4 * squared))


_TOP = _SCALE * _height(pi / 3)  # the poles: asin(√3/2)


def _crossing(here: Point, there: Point) -> Point:
    """Latitude and edge (180 or -180) at which the step from `here` leaves the map."""
    edge = 180.0 if here[1] > 0 else -180.0
    whole = abs(edge - here[1]) + abs(-edge - there[1])
    share = abs(edge - here[1]) / whole if whole else 0.0
    return here[0] + share * (there[0] - here[0]), edge


def _between(start: Point, end: Point, share: float) -> Point:
    """The point at `share` (0 to 1) of the great circle, between the unit vectors of its ends."""
    one, other = _vector(start), _vector(end)
    dot = max(-1.0, min(1.0, sum(a * b for a, b in zip(one, other, strict=True))))
    angle = pi / 2 - asin(dot)
    if sin(angle) < 1e-9:  # the same place, or opposite ones, between which all ways are as short
        return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
    weights = sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
    x, y, z = (weights[0] * a + weights[1] * b for a, b in zip(one, other, strict=True))
    return degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x))


def _vector(place: Point) -> tuple[float, float, float]:
    lat, lon = radians(place[0]), radians(place[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
