"""`make bench`: measures, prints a table, writes bench/results.json and a chart. Sets no limit."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import dispatching, goals, judging, matching, postgis, rooms, storm
from bench.chart import growth_chart
from bench.filling import opened
from bench.plan import JUDGED, SORTED, Plan, bursting_s, plan_of
from bench.progress import part, since_start
from bench.side_by_side import at_once
from bench.stock import Addresses, copied, stocked
from core.clock import now
from core.db import db

RESULTS = Path(__file__).parent / "results.json"
CHART = RESULTS.with_name("growth.svg")
QUERIES = 10_000  # of goal 1
PAST = 50_000  # requests that ended, with an offer each
Row = dict[str, Any]
Stock = Mapping[str, Addresses]


def main() -> int:
    """All rows on both databases, or those of the parts that are named; `--help` says which."""
    plan, took = plan_of(sys.argv[1:]), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measured(plan, Path(folder), took))
    judged = goals.in_order([*goals.judge(rows), *dispatching.judge(rows)])
    for line in judged:
        sys.stdout.write(f"{goals.sentence(line)}\n")
    if "matching" in plan.parts and not any(row["row"] == "PostGIS" for row in rows):
        sys.stdout.write(f"5  beside PostGIS: {postgis.MISSING}\n")
    took["in all"] = round(since_start(), 1)
    sys.stdout.write("Seconds: " + ", ".join(f"{name} {s:.0f}" for name, s in took.items()) + "\n")
    results = json.dumps({"goals": judged, "rows": rows, "seconds": took}, indent=2)
    RESULTS.write_text(results + "\n", encoding="utf-8")
    CHART.write_text(growth_chart(rows), encoding="utf-8")
    return 0


def measured(plan: Plan, folder: Path, took: dict[str, float]) -> Iterator[Row]:
    """All rows of the plan; while one takes a time nothing else runs."""
    with part("filling rosters", took):
        stock = stocked(folder, plan.contents())
    if "matching" in plan.parts:
        with part("order", took):
            yield from of_order(stock)
        with part("toggles", took):
            yield from of_toggles(stock, folder)
        for name, urls in stock.items():
            with part(f"matches on {name}", took):
                for size in plan.sizes:
                    with opened(urls[str(size)]):
                        yield from of_roster(name, size, is_last=size == max(plan.sizes))
    for name, urls in stock.items():
        if plan.applicants:
            with part(f"HR on {name}", took):
                yield from of_rooms(name, urls, plan)
    for left, (name, urls) in zip(range(len(stock), 0, -1), stock.items(), strict=True):
        if "dispatch" in plan.parts:
            with part(f"dispatch on {name}", took):
                enough_s = bursting_s(since_start(), left)
                yield from of_dispatch(name, copied(urls[str(JUDGED)], folder), enough_s)


def of_order(stock: Stock) -> Iterator[Row]:
    """Goal 1, on all databases at once, since no time is taken."""
    urls = {name: by_content[str(JUDGED)] for name, by_content in stock.items()}
    for name, figures in judging.measure(urls, QUERIES):
        yield _show("judged", name, figures)


def of_toggles(stock: Stock, folder: Path) -> Iterator[Row]:
    """Goal 8, likewise; on copies, since they leave absences."""
    words = {name: [copied(urls[str(JUDGED)], folder)] for name, urls in stock.items()}
    for name, said in at_once("bench.freshness", words).items():
        yield _show("toggles", name, json.loads(said))


def of_roster(name: str, size: int, *, is_last: bool) -> Iterator[Row]:
    """All timed rows about the roster of one size, in its application context.

    The largest has a past: those who were asked before are told from those who never were.
    """
    if is_last:
        storm.leave_history(PAST, now(), first=1)
    queries = matching.QUERIES if is_last else matching.FEWER
    yield _show("match", name, {"experts": size, **matching.measure(queries)})
    if is_last and postgis.is_installed(db.session()):
        yield _show("PostGIS", name, {"experts": size, **postgis.measure()})
    if size <= SORTED:
        yield _show("beside a match", name, {"experts": size, **matching.measure_asides()})
        yield _show("sorting", name, {"experts": size, **matching.measure_sorting()})


def of_rooms(name: str, urls: Addresses, plan: Plan) -> Iterator[Row]:
    """HR's pages among applicants with an open case each."""
    for applicants, content in zip(plan.applicants, plan.rooms(), strict=True):
        with opened(urls[content]):
            yield _show("HR", name, {"applicants": applicants, **rooms.measure()})


def of_dispatch(name: str, url: str, enough_s: float) -> Iterator[Row]:
    """All rows about dispatch, on a roster that is nobody else's."""
    with opened(url):
        for what, figures in dispatching.measure(url, enough_s):
            yield _show(what, name, figures)


def _show(what: str, where: str, figures: Mapping[str, float]) -> Row:
    shown = "  ".join(f"{name} {value:,.2f}" for name, value in figures.items())
    sys.stdout.write(f"{what:24} {where:11} {shown}\n")
    sys.stdout.flush()
    return {"row": what, "database": where, **{k: round(v, 3) for k, v in figures.items()}}


if __name__ == "__main__":
    sys.exit(main())
