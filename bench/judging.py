"""Goal 1: are the nearest ten of random needs the judge's, on every sort of database?

The rosters are the same, which is checked, so one judge serves all. Since no time is taken, all
are asked at once: `python -m bench.judging URL QUERIES [judge]` says what a database has answered,
and with `judge` what the judge says.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bench.filling import opened
from bench.judge import FIRST, Answer, Judge, random_needs
from bench.progress import say
from bench.rosters import SEED
from bench.side_by_side import at_once
from core.clock import now
from core.db import db
from dispatch.choosing.occupied import busy, load
from roster.directory import nearest
from roster.rules.terms import Need

JUDGE = "judge"
TOGETHER = 100  # needs that are asked about in one transaction
SOME = 2_500


def measure(urls: Mapping[str, str], queries: int) -> Iterator[tuple[str, dict[str, float]]]:
    """By database: of how many needs its answer is the judge's, to the last bit of every km.

    Raises RuntimeError when the rosters differ.
    """
    words = {name: [url, str(queries)] for name, url in urls.items()}
    next(iter(words.values())).append(JUDGE)  # the first is SQLite, which has no server to wait for
    said: dict[str, Any] = {
        name: json.loads(its) for name, its in at_once("bench.judging", words).items()
    }
    if len({its["asked_of"] for its in said.values()}) > 1:
        raise RuntimeError("the rosters of the databases are not the same")
    right = next(its["judged"] for its in said.values() if its["judged"])
    for name, its in said.items():
        same = sum(map(list.__eq__, its["found"], right))
        full = sum(len(answer) == FIRST for answer in its["found"])
        yield name, {"queries": len(right), "same": same, "with_ten": full}


def answers(session: Session, queries: int, *, judged: bool) -> dict[str, Any]:
    """What is found for each need, what the judge says, and a checksum of roster and needs."""
    needs = random_needs(session, SEED, queries)
    judge = Judge(session, now(session).date())
    asked_of = judge.checksum(needs)
    found: list[Answer] = []
    right: list[Answer] = []
    for number, need in enumerate(needs, 1):
        found.append(_nearest(session, need))
        if judged:
            right.append(judge.first(need))
        if number % TOGETHER == 0:
            session.rollback()
        if number % SOME == 0:
            say(f"{db.engine.dialect.name}: {number:,} needs of {queries:,}")
    return {"asked_of": asked_of, "found": found, "judged": right}


def _nearest(session: Session, need: Need) -> Answer:
    found = nearest(session, need, now(session), FIRST, busy=busy(), load=load())
    return [(one.distance_km, one.id) for one in found]


if __name__ == "__main__":
    with opened(sys.argv[1]):
        judged = JUDGE in sys.argv
        sys.stdout.write(json.dumps(answers(db.session(), int(sys.argv[2]), judged=judged)))
