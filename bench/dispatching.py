"""All that is measured of dispatch on one database, and the goals that it is held to."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench import assigning, burst, clock, draining, web_cost
from bench.first_text import focal_point
from bench.processes import plain_environment, running
from core.db import db

Row = dict[str, Any]
ROSTER = 10_000
# By row: what is said of it, the figure, and the most (or, with "least", the least) it may be.
AIMS: dict[str, Sequence[tuple[str, str, float, str]]] = {
    "filing to text": [("filing to text, p95, x the unit", "ratio_p95", 5.0, "most")],
    "burst": [
        ("193 at once: last text, x the limit", "ratio", 4.0, "most"),
        ("193 at once: refused or without offer", "errors", 0, "most"),
        ("193 at once: booked or texted twice", "doubled", 0, "most"),
    ],
    "web": [
        ("web CPU of a filing, x a no-op request", "filing_x", 9.0, "most"),
        ("web CPU of a reply, x a no-op request", "reply_x", 6.0, "most"),
    ],
    "clock": [
        ("a tick with 100 x the history, x", "ratio", 1.5, "most"),
        ("the plan of what is due uses the indexes", "index", 1, "least"),
    ],
    "assigning": [
        ("assignment of 193 against 10,000, ms", "p50_ms", 10.0, "most"),
        ("served beyond one by one", "more", 0, "least"),
    ],
    "draining": [
        ("texts a second", "per_s", 251.0, "least"),
        ("CPU for a text, ms", "cpu_ms", 10.0, "most"),
        ("a text alone, from commit to provider, ms", "first_ms", 50.0, "most"),
        ("texts doubled", "doubled", 0, "most"),
    ],
}  # fmt: skip


def measure(url: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Name and figures of each row, on a database that holds a roster; in its app context."""
    session = db.session()
    yield "assigning", assigning.measure()
    session.rollback()
    environment = plain_environment(url) | {"SENDER_RATE": "0"}
    token = focal_point(environment)
    with running(environment, provider=("bench.provider",)) as system:
        yield "web", web_cost.measure(system, session, token)
        yield "burst", burst.measure(system, session, token)
        yield "draining", draining.measure(system, session)
    yield "clock", clock.measure()


def judge(rows: Sequence[Row]) -> list[Row]:
    """What was aimed at, what was measured, and whether it is met."""
    return [
        {
            "goal": what,
            "database": row["database"],
            "aim": aim,
            "measured": round(row[figure], 2),
            "met": row[figure] <= aim if which == "most" else row[figure] >= aim,
        }
        for row in rows
        for what, figure, aim, which in AIMS.get(row["row"], ())
    ]
