"""`make bench`: measures, prints a table, writes bench/results.json. Sets no limit."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import dispatching, first_text, goals, matching, rooms
from bench.chart import growth_chart
from bench.processes import plain_environment
from bench.rosters import fill
from core import upgrading
from core.db import db
from core.settings import read_settings
from tests import postgres
from tests.databases import create
from wsgi import create_app

RESULTS = Path(__file__).parent / "results.json"
CHART = RESULTS.with_name("growth.svg")
SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000  # with --million: some minutes more for each database
ROSTER = 1_000


def main() -> int:
    """All rows on both databases; under ten minutes, without the million.

    With --dispatch only the rows of dispatch.
    """
    rows: list[dict[str, Any]] = []
    sizes = (*SIZES, MILLION) if "--million" in sys.argv else SIZES
    if "--dispatch" in sys.argv:
        sizes = ()
    with tempfile.TemporaryDirectory() as folder:
        for name, make in databases(Path(folder)).items():
            for size in sizes:
                with prepared(make(), size):
                    rows.append(_show("match", name, {"experts": size, **matching.measure()}))
                    rooms.fill_cases(db.session())
                    rows.append(_show("HR", name, {"experts": size, **rooms.measure()}))
            url = make()
            with prepared(url, ROSTER):
                db.session.remove()
            rows.append(_show("filing to text", name, first_text.measure(plain_environment(url))))
            rows += _dispatching(name, make())
    judged = [*(goals.judge(rows) if sizes else ()), *dispatching.judge(rows)]
    for line in judged:
        sys.stdout.write(f"{goals.sentence(line)}\n")
    results = json.dumps({"rows": rows, "goals": judged}, indent=2)
    RESULTS.write_text(results + "\n", encoding="utf-8")
    CHART.write_text(growth_chart(rows), encoding="utf-8")
    return 0


def _dispatching(name: str, url: str) -> list[dict[str, Any]]:
    with prepared(url, dispatching.ROSTER):
        return [_show(what, name, figures) for what, figures in dispatching.measure(url)]


def databases(folder: Path) -> dict[str, Callable[[], str]]:
    """How to get the address of a new, empty database of each sort."""
    numbers = iter(range(1000))
    server = postgres.start(os.getpid())
    return {
        "sqlite": lambda: f"sqlite:///{folder}/bench{next(numbers)}.sqlite3",
        "postgresql": lambda: create(server),
    }


@contextmanager
def prepared(url: str, size: int) -> Iterator[None]:
    """An application context on the database at `url`, with a roster of `size`."""
    app = create_app(read_settings(plain_environment(url), Path()))
    sys.stderr.write(f"… {db_name(url)}: {size:,} experts\n")
    upgrading.upgrade(app)
    with app.app_context():
        fill(db.session(), size)
        yield
        db.session.remove()
        db.engine.dispose()


def db_name(url: str) -> str:
    """Which sort of database an address leads to."""
    return url.partition(":")[0].partition("+")[0]


def _show(what: str, where: str, figures: dict[str, float]) -> dict[str, Any]:
    if "sorting_ms" in figures:
        figures["times_faster"] = figures["sorting_ms"] / figures["p50_ms"]
    shown = "  ".join(f"{name} {value:,.2f}" for name, value in figures.items())
    sys.stdout.write(f"{what:24} {where:11} {shown}\n")
    sys.stdout.flush()
    return {"row": what, "database": where, **{k: round(v, 3) for k, v in figures.items()}}


if __name__ == "__main__":
    sys.exit(main())
