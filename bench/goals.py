"""The goals of matching, each judged by the rows that were measured in this run."""

from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]
# By database: how many times ten geodesics the median and the slowest hundredth may take.
MEDIAN = {"sqlite": 3.0, "postgresql": 5.0}
SLOWEST = {"sqlite": 12.0, "postgresql": 25.0}
NOBODY, GROWTH, SORTING = 3.0, 2.5, 1000.0
FEWEST = 10_000


def judge(rows: Sequence[Row]) -> list[Row]:
    """What was aimed at, what was measured, and whether it is met; for the largest roster."""
    return [
        {"goal": what, "database": where, "aim": aim, "measured": round(value, 2), "met": met}
        for where in ("sqlite", "postgresql")
        for what, aim, value, met in _of([
            row for row in rows
            if row["row"] == "match" and row["database"] == where and row["experts"] >= FEWEST
        ], where)
    ]  # fmt: skip


def sentence(judged: Row) -> str:
    """One line of the table."""
    verdict = "met" if judged["met"] else "not met"
    aim = f"{judged['measured']:,} (aim {judged['aim']:,})"
    return f"{judged['goal']:50} {judged['database']:11} {aim:30} {verdict}"


def _of(rows: Sequence[Row], where: str) -> Iterator[tuple[str, float, float, bool]]:
    first, last = rows[0], rows[-1]
    size = f"{last['experts']:,.0f}"
    growth = last["p50_ms"] / first["p50_ms"]
    at_most = (
        (f"match p50 at {size}, x ten geodesics", MEDIAN[where], last["p50_x"]),
        (f"match p99 at {size}, x ten geodesics", SLOWEST[where], last["p99_x"]),
        (f"nobody qualifies at {size}, x ten geodesics", NOBODY, last["nobody_x"]),
        (f"growth of p50 from {first['experts']:,.0f} to {size}, x", GROWTH, growth),
    )
    yield "the order of sorting by geopy", 1.0, last["same_answer"], last["same_answer"] == 1.0
    for what, aim, value in at_most:
        yield what, aim, value, value <= aim
    faster = last["times_faster"]
    yield f"faster than sorting at {size}, x", SORTING, faster, faster >= SORTING
