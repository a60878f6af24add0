"""The goals of matching (1 to 8), each judged by the rows that were measured in this run."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Row = dict[str, Any]
# By database: how many times ten geodesics the median and the slowest hundredth may take.
MEDIAN = {"sqlite": 3.0, "postgresql": 5.0}
SLOWEST = {"sqlite": 12.0, "postgresql": 25.0}
NOBODY, GROWTH, SORTING = 3.0, 2.5, 1000.0
PEER_MEDIAN, PEER_SLOWEST = 1.0, 1 / 3


def judge(rows: Sequence[Row]) -> list[Row]:
    """What was aimed at, what was measured, and whether it is met, on each database."""
    return [
        goal
        for where in ("sqlite", "postgresql")
        for goal in _of([row for row in rows if row["database"] == where], where)
    ]


def in_order(judged: Iterable[Row]) -> list[Row]:
    """By the number of the goal; else as they are."""
    return sorted(judged, key=lambda line: int(line["goal"].split()[0]))


def sentence(judged: Row) -> str:
    """One line of the table."""
    verdict = "met" if judged["met"] else "not met"
    aim = f"{judged['measured']:,} (aim {judged['aim']:,})"
    line = f"{judged['goal']:50} {judged['database']:11} {aim:30} {verdict:8}"
    return f"{line} {judged.get('figures', '')}".rstrip()


def _of(rows: Sequence[Row], where: str) -> Iterator[Row]:
    matches = [row for row in rows if row["row"] == "match"]
    if not matches:
        return
    first, last = matches[0], matches[-1]
    size, growth = f"{last['experts']:,.0f}", last["p50_ms"] / first["p50_ms"]
    quarters = f"p25–p75 {last['p25_ms']:.1f}–{last['p75_ms']:.1f}"
    anchor = f"10G {last['ten_geodesics_ms']:.2f} ms"
    yield from _exactness(rows, where)
    for goal, value, aim, figures in (
        (f"2  match p50 at {size}, x 10G", last["p50_x"], MEDIAN[where],
         f"{last['p50_ms']:.1f} ms ({quarters}), {anchor}"),
        (f"3  match p99 at {size}, x 10G", last["p99_x"], SLOWEST[where],
         f"{last['p99_ms']:.1f} ms (p95 {last['p95_ms']:.1f}), {anchor}"),
        (f"4  p50 from {first['experts']:,.0f} to {size}, x", growth, GROWTH,
         f"{first['p50_ms']:.1f} to {last['p50_ms']:.1f} ms"),
        (f"7  nobody qualifies at {size}, x 10G", last["nobody_x"], NOBODY,
         f"{last['nobody_ms']:.1f} ms, {anchor}"),
    ):  # fmt: skip
        yield _row(goal, where, (value, aim), value <= aim, figures)
    yield from _beside(rows, where)


def _exactness(rows: Iterable[Row], where: str) -> Iterator[Row]:
    for row in (row for row in rows if row["row"] == "judged"):
        share, goal = row["same"] / row["queries"], "1  order of geopy and PROJ, {:,.0f} needs"
        figures = f"{row['with_ten']:,.0f} of them with ten answers"
        yield _row(goal.format(row["queries"]), where, (share, 1.0), share == 1.0, figures)


def _beside(rows: Iterable[Row], where: str) -> Iterator[Row]:
    for row in {row["row"]: row for row in rows}.values():  # the largest of each
        if row["row"] == "sorting":
            goal = f"6  sorting all by geopy at {row['experts']:,.0f}, x"
            figures = f"{row['sorting_ms']:,.0f} against {row['p50_ms']:.1f} ms"
            figures += f", {row['qualified']:.0%} qualify"
            met = row["x"] >= SORTING and row["same"] == 1.0
            yield _row(goal, where, (row["x"], SORTING), met, figures)
        if row["row"] == "PostGIS":
            yield from _peer(row, where)
        if row["row"] == "toggles":
            seen = row["seen"], row["toggles"]
            goal = "8  toggles that the next match sees"
            yield _row(goal, where, seen, seen[0] == seen[1], "committed in another process")


def _peer(row: Row, where: str) -> Iterator[Row]:
    for part, name, aim in (("p50", "median", PEER_MEDIAN), ("p99", "p99", PEER_SLOWEST)):
        ours, live, bare = (row[f"{whose}{part}_ms"] for whose in ("", "live_", "bare_"))
        goal = f"5  {name} against PostGIS at {row['experts']:,.0f}, x"
        figures = f"{ours:.1f} against {live:.1f} ms; {bare:.1f} ms if it believes its own table"
        met = ours / live <= aim and row["same"] == 1.0
        yield _row(goal, where, (ours / live, round(aim, 2)), met, figures)


def _row(goal: str, where: str, beside: tuple[float, float], met: bool, figures: str) -> Row:
    """`beside`: what was measured, and what was aimed at."""
    value, aim = beside
    return {"goal": goal, "database": where, "aim": aim, "measured": round(value, 2),
            "met": met, "figures": figures}  # fmt: skip
