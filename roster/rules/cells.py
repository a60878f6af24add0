"""The unit sphere in small cubes, numbered so that a ball is a few ranges of numbers.

Cut the cube [-1, 1]³ round the sphere into eight, each of these into eight, and so on BITS times.
The number of a cell interleaves the bits of its three indices (Morton order), so every cube of
every size is one unbroken range of numbers. A ball of any radius is covered by cubes of about its
radius, or half of it, of which it meets some dozens at most. Nothing is special at the poles or the
antimeridian, since no angle is involved.

`cover` may take in too much and never leaves out a point: each index is found by the same
arithmetic as in `cell_of`, widened by SLACK. Knows nothing of experts.
"""

from math import ceil, floor, log2

Vector = tuple[float, float, float]
Range = tuple[int, int]

BITS = 16  # cells of 195 m
EVERYWHERE = 2.0  # the longest chord
SLACK = 1e-12
WIDE = 0.03  # 190 km
GAP = 3  # cubes; to look into so many more costs less than another range
_SPREAD = [sum((byte >> bit & 1) << 3 * bit for bit in range(8)) for byte in range(256)]


def cell_of(vector: Vector) -> int:
    """The number of the cell in which a unit vector lies, of 3·BITS bits."""
    x, y, z = (_index(component, BITS) for component in vector)
    return _spread(x) << 2 | _spread(y) << 1 | _spread(z)


def cover(centre: Vector, inner: float, outer: float) -> list[Range]:
    """Ranges of cells (both ends included) that hold every point of the sphere whose chord to
    `centre` is between `inner` and `outer`; ascending, none touching the next.

    Of a hole, and of what is about a wide ball, as much as possible is left out: it may be crowded.
    """
    finer, gap = (2, 0) if inner > 0 or outer > WIDE else (1, GAP)
    level = min(BITS, max(1, ceil(log2(2 * finer / outer))))
    x_axis, y_axis, z_axis = (_slabs(component, outer, level) for component in centre)
    least, most = inner * (inner - SLACK), (outer + SLACK) ** 2
    cubes = [
        _spread(x[0]) << 2 | _spread(y[0]) << 1 | _spread(z[0])
        for x in x_axis
        for y in y_axis
        if x[1] + y[1] <= most
        for z in z_axis
        if x[1] + y[1] + z[1] <= most and x[2] + y[2] + z[2] >= least  # not too far, nor too near
        if x[3] + y[3] + z[3] <= 1 + SLACK and x[4] + y[4] + z[4] >= 1 - SLACK  # on the sphere
    ]
    return _joined(sorted(cubes), 3 * (BITS - level), gap)


def _slabs(centre: float, reach: float, level: int) -> list[tuple[int, float, float, float, float]]:
    """Along one axis, each slab of cubes within `reach`: index, the least and the greatest square
    of a distance in it from `centre`, and from zero.
    """
    side = 2.0 ** (1 - level)
    found = []
    first, last = _index(centre - reach - SLACK, level), _index(centre + reach + SLACK, level)
    for index in range(first, last + 1):
        low, high = index * side - 1 - SLACK, (index + 1) * side - 1 + SLACK
        near, far = _extremes(low - centre, high - centre)
        found.append((index, near, far, *_extremes(low, high)))
    return found


def _extremes(low: float, high: float) -> tuple[float, float]:
    far = max(low * low, high * high)
    return (0.0 if low <= 0 <= high else min(low * low, high * high)), far


def _index(component: float, level: int) -> int:
    side = 2.0 ** (1 - level)
    return min(max(floor((component + 1) / side), 0), (1 << level) - 1)


def _spread(index: int) -> int:
    return _SPREAD[index & 255] | _SPREAD[index >> 8] << 24


def _joined(cubes: list[int], shift: int, gap: int) -> list[Range]:
    ranges: list[Range] = []
    for cube in cubes:
        low, high = cube << shift, (cube + 1 << shift) - 1
        if ranges and low - ranges[-1][1] <= (gap << shift) + 1:
            ranges[-1] = ranges[-1][0], high
        else:
            ranges.append((low, high))
    return ranges
