"""All that is measured of dispatch on one database, and the goals that it is held to."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench import assigning, burst, clock, draining, first_text, web_cost
from bench.first_text import focal_point
from bench.processes import plain_environment, running
from core.db import db

Row = dict[str, Any]
MOST, LEAST = "most", "least"
# By row: the goal, the figure, the most or the least that it may be, and what to show beside it.
Aim = tuple[str, str, float, str, str]
AIMS: dict[str, Sequence[Aim]] = {
    "filing to text": [
        ("9  filing to text, p95, x the unit", "ratio_p95", 5, MOST,
         "p50 {p50_ms:.0f}, p95 {p95_ms:.0f} ms, unit {bare_ms:.1f} ms"),
    ],
    "burst": [
        ("10 runs of 193 at once", "runs", 20, LEAST, ""),
        ("10 193 at once, slowest run, x the limit", "ratio", 4, MOST,
         "{runs:.0f} runs, last {last_s:.1f} s (spread {spread_s:.1f}), limit {limit_s:.2f} s"),
        ("10 refused, or without an offer", "errors", 0, MOST, ""),
        ("10 booked or texted twice", "doubled", 0, MOST, ""),
    ],
    "web": [
        ("11 web CPU of a filing, x a request for nothing", "filing_x", 9, MOST,
         "{filing_ms:.1f} ms (spread {filing_spread_ms:.1f}), nothing {no_op_ms:.2f} ms"),
        ("11 web CPU of a reply, x a request for nothing", "reply_x", 6, MOST,
         "{reply_ms:.1f} ms (spread {reply_spread_ms:.1f}), nothing {no_op_ms:.2f} ms"),
    ],
    "clock": [
        ("12 a tick with 100 x the history, x", "ratio", 1.5, MOST,
         "{little_ms:.2f} to {p50_ms:.2f} ms (spread {spread_ms:.2f})"),
        ("12 the plan of what is due uses the indexes", "index", 1, LEAST, ""),
    ],
    "assigning": [
        ("13 assignment of 193 against 10,000, ms", "p50_ms", 10, MOST,
         "spread {spread_ms:.1f} ms"),
        ("13 served, x one by one", "more", 1, LEAST,
         "{served:.0f}, one by one {one_by_one:.0f}"),
    ],
    "draining": [
        ("14 texts a second", "per_s", 251, LEAST, "peer 251"),
        ("14 CPU for a text, ms", "cpu_ms", 10, MOST, "peer 10"),
        ("14 a text alone, commit to provider, p50 ms", "first_ms", 50, MOST,
         "spread {first_spread_ms:.0f} ms, peer 340"),
        ("14 texts doubled", "doubled", 0, MOST, "peer up to 107 of 200"),
    ],
}  # fmt: skip


def measure(url: str, enough_s: float) -> Iterator[tuple[str, dict[str, float]]]:
    """Name and figures of each row, on a database that holds a roster; in its app context.

    After `enough_s` seconds of bursts no further one begins.
    """
    session = db.session()
    yield "assigning", assigning.measure()
    session.rollback()
    environment = plain_environment(url)
    token = focal_point(environment)
    yield "filing to text", first_text.measure(environment, token)
    with running(environment | {"SENDER_RATE": "0"}, provider=("bench.provider",)) as system:
        yield "web", web_cost.measure(system, session, token)
        yield "burst", burst.measure(system, session, token, enough_s)
        yield "draining", draining.measure(system, session)
    yield "clock", clock.measure()


def judge(rows: Sequence[Row]) -> list[Row]:
    """What was aimed at, what was measured, and whether it is met."""
    return [_judged(row, aim) for row in rows for aim in AIMS.get(row["row"], ())]


def _judged(row: Row, wanted: Aim) -> Row:
    goal, figure, aim, which, beside = wanted
    value = row[figure]
    return {
        "goal": goal,
        "database": row["database"],
        "aim": aim,
        "measured": round(value, 2),
        "met": value <= aim if which == MOST else value >= aim,
        "figures": beside.format(**row),
    }
