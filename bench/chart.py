"""How a match grows with the roster, as a small SVG: milliseconds by experts, both logarithmic."""

from collections.abc import Sequence
from math import log10
from typing import Any

WIDTH, HEIGHT, MARGIN = 720, 380, 80
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
COLOURS = {"sqlite": "#1d70b8", "postgresql": "#00703c", "sorted by geopy": "#d4351c"}
TITLE = "The nearest ten: how long at the median"
LEAST_MS, MOST_MS = 1.0, 10_000.0
LEAST, MOST = 10_000, 1_000_000


def growth_chart(rows: Sequence[dict[str, Any]]) -> str:
    """The medians of matching on each database, and of sorting everybody by geopy."""
    matches = [row for row in rows if row["row"] == "match" and row["experts"] >= LEAST]
    lines = {
        name: [(row["experts"], row["p50_ms"]) for row in matches if row["database"] == name]
        for name in ("sqlite", "postgresql")
    }
    lines["sorted by geopy"] = [
        (row["experts"], row["sorting_ms"])
        for row in rows
        if row["row"] == "sorting" and row["database"] == "sqlite"
    ]
    drawn = "".join(_line(name, points) for name, points in lines.items() if points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13"><title>{TITLE}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{MARGIN}" y="{MARGIN / 2:.0f}" font-size="16" font-weight="bold">{TITLE}</text>'
        f"{_grid()}{drawn}</svg>\n"
    )


def _grid() -> str:
    marks = []
    for ms in (1, 10, 100, 1000, 10_000):
        y = _y(ms)
        marks.append(f'<path d="M{MARGIN} {y:.1f}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        marks.append(f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{ms:,} ms</text>')
    for size in (10_000, 100_000, 1_000_000):
        place = f'x="{_x(size):.1f}" y="{HEIGHT - MARGIN + 24}"'
        marks.append(f'<text {place} text-anchor="middle">{size:,} experts</text>')
    return "".join(marks)


def _line(name: str, points: Sequence[tuple[float, float]]) -> str:
    path = "L".join(f"{_x(size):.1f} {_y(ms):.1f}" for size, ms in points)
    x, y = _x(points[-1][0]), _y(points[-1][1])
    shown = NAMES.get(name, name)
    return (
        f'<path d="M{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="3"/>'
        f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" fill="{COLOURS[name]}">{shown}</text>'
    )


def _x(size: float) -> float:
    part = log10(size / LEAST) / log10(MOST / LEAST)
    return MARGIN + part * (WIDTH - 3 * MARGIN)


def _y(ms: float) -> float:
    part = log10(min(max(ms, LEAST_MS), MOST_MS) / LEAST_MS) / log10(MOST_MS / LEAST_MS)
    return HEIGHT - MARGIN - part * (HEIGHT - 2 * MARGIN)
