"""`make bench`: measures, prints a table, writes bench/results.json. Sets no limit."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import dispatching, first_text, freshness, goals, matching, postgis, rooms
from bench.chart import growth_chart
from bench.filling import opened, prepared
from bench.processes import ROOT, plain_environment
from core.db import db
from tests import postgres
from tests.databases import create

RESULTS = Path(__file__).parent / "results.json"
CHART = RESULTS.with_name("growth.svg")
SIZES = (10_000, 100_000, 1_000_000)
JUDGED, SORTED = SIZES[:2]
ROOMS = (1_000, *SIZES[:2])
QUERIES = 10_000
ROSTER = 1_000
PARTS = {"--matching", "--rooms", "--dispatch"}
Row = dict[str, Any]
Addresses = Mapping[int, str]  # by size of the roster


def main() -> int:
    """All rows on both databases.

    With --small without a million experts; with --matching, --rooms or --dispatch only those rows.
    """
    parts = PARTS & set(sys.argv) or PARTS
    sizes = SIZES[:-1] if "--small" in sys.argv else SIZES
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        made = databases(Path(folder))
        if "--matching" in parts:
            rows += of_matching({name: {n: make() for n in sizes} for name, make in made.items()})
        for name, make in made.items():
            rows += of_rooms(name, make) if "--rooms" in parts else ()
            rows += of_dispatch(name, make(), make()) if "--dispatch" in parts else ()
    judged = [*goals.judge(rows), *dispatching.judge(rows)]
    for line in judged:
        sys.stdout.write(f"{goals.sentence(line)}\n")
    if "--matching" in parts and not any(row["row"] == "PostGIS" for row in rows):
        sys.stdout.write(f"5  beside PostGIS: {postgis.MISSING}\n")
    results = json.dumps({"rows": rows, "goals": judged}, indent=2)
    RESULTS.write_text(results + "\n", encoding="utf-8")
    CHART.write_text(growth_chart(rows), encoding="utf-8")
    return 0


def of_matching(urls: Mapping[str, Addresses]) -> Iterator[Row]:
    """All rows about matching, on the databases of each sort by the size of their rosters."""
    fill_all(urls)
    yield from judge_all({name: by_size[JUDGED] for name, by_size in urls.items()})
    for name, by_size in urls.items():
        for size, url in by_size.items():
            with opened(url):
                yield from of_roster(name, size, url, last=size == max(by_size))


def of_dispatch(name: str, small: str, large: str) -> Iterator[Row]:
    """All rows about dispatch, on two new databases of one sort."""
    with prepared(small, ROSTER):
        db.session.remove()
    yield _show("filing to text", name, first_text.measure(plain_environment(small)))
    with prepared(large, dispatching.ROSTER):
        for what, figures in dispatching.measure(large):
            yield _show(what, name, figures)


def databases(folder: Path) -> dict[str, Callable[[], str]]:
    """How to get the address of a new, empty database of each sort."""
    numbers = iter(range(1000))
    given = os.environ.get("TEST_DATABASE_URL", "")
    server = given or postgres.start(os.getpid(), postgis.programs())
    return {
        "sqlite": lambda: f"sqlite:///{folder}/bench{next(numbers)}.sqlite3",
        "postgresql": lambda: create(server),
    }


def fill_all(filled: Mapping[str, Addresses]) -> None:
    """Rosters in all databases, both sorts at once."""
    list(at_once("bench.filling", {
        name: [word for size, url in by_size.items() for word in (url, str(size))]
        for name, by_size in filled.items()
    }))  # fmt: skip


def judge_all(urls: Mapping[str, str]) -> Iterator[Row]:
    """Goal 1, on both sorts at once, since no time is taken."""
    words = {name: [url, str(QUERIES)] for name, url in urls.items()}
    for name, said in at_once("bench.judging", words):
        yield _show("judged", name, json.loads(said))


def at_once(module: str, words: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Runs a module of ours for each database at the same time; what each has said."""
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", module, *its], cwd=ROOT, text=True, stdout=subprocess.PIPE
        )
        for name, its in words.items()
    }
    for name, process in running.items():
        said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{module} has failed on {name}")
        yield name, said


def of_roster(name: str, size: int, url: str, *, last: bool) -> Iterator[Row]:
    """All rows about the roster of one size, in its application context; `last`: the largest."""
    yield _show("match", name, {"experts": size, **matching.measure()})
    if last and postgis.is_installed(db.session()):
        yield _show("PostGIS", name, {"experts": size, **postgis.measure()})
    yield _show("beside a match", name, {"experts": size, **matching.measure_asides()})
    if size <= SORTED:
        yield _show("sorting", name, {"experts": size, **matching.measure_sorting()})
    if size == JUDGED:
        yield _show("toggles", name, freshness.measure(db.session(), url))


def of_rooms(name: str, make: Callable[[], str]) -> Iterator[Row]:
    """HR's pages among more and more applicants with an open case each, beside as many experts."""
    for size in ROOMS:
        people = size + ROSTER
        with prepared(make(), people, qualified=ROSTER / people):
            rooms.fill_cases(db.session())
            yield _show("HR", name, {"applicants": size, **rooms.measure()})


def _show(what: str, where: str, figures: Mapping[str, float]) -> Row:
    shown = "  ".join(f"{name} {value:,.2f}" for name, value in figures.items())
    sys.stdout.write(f"{what:24} {where:11} {shown}\n")
    sys.stdout.flush()
    return {"row": what, "database": where, **{k: round(v, 3) for k, v in figures.items()}}


if __name__ == "__main__":
    sys.exit(main())
