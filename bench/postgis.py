"""Goal 5: PostGIS beside ours, on the same needs and in the same run.

Its questions (`bench.peer`) go straight through the driver; the facts of the ten who are found are
then read as for a match, since the answer is to be the same.
"""

from functools import partial
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.matching import FIRST, needs, taken
from bench.peer import DESIGNS, NEEDED, build, first, question_of, told
from bench.progress import say
from bench.timing import spread_of, timed
from core.clock import now
from core.db import db
from dispatch.choosing.occupied import last_offered
from roster.directory.order import nearest
from roster.directory.snapshots import Found, candidates
from roster.rules.terms import Candidate, Need

WARM_UP = 40
# How often each question is asked: of the one that a match answers, p99 is judged.
QUERIES = {"live": 1_000, "bare": 300}
Answers = list[tuple[float, list[Candidate]]]
MISSING = (
    "not measured, since PostGIS is not installed. On Debian 12: apt-get install "
    "postgresql-15-postgis-3; elsewhere name a server that has it in TEST_DATABASE_URL"
)


def is_installed(session: Session) -> bool:
    """Whether this database could have PostGIS."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    return set(session.scalars(text("SELECT name FROM pg_available_extensions"))) >= NEEDED


def measure() -> dict[str, float]:
    """Milliseconds of the strongest design on the present database, beside ours on the same needs.

    `same` is the part of all their answers that is ours, person by person and km by km.
    """
    session = db.session()
    build(session)
    say("PostGIS: table and indexes are made")
    asked = needs(session, max(QUERIES.values()) + WARM_UP)
    ours = [timed(partial(_by_us, session, need)) for need in asked][WARM_UP:]
    figures, same = _times(ours), []
    for question, count in QUERIES.items():
        some = asked[: count + WARM_UP]
        found = {name: _by_them(session, name, question, some)[WARM_UP:] for name in DESIGNS}
        for answers in found.values():
            same += [one[1] == other[1] for one, other in zip(ours, answers, strict=False)]
        spreads = {name: _times(answers) for name, answers in found.items()}
        for key in ("p50_ms", "p95_ms", "p99_ms"):  # of each figure the strongest
            figures[f"{question}_{key}"] = min(one[key] for one in spreads.values())
        figures |= {f"{question}_{name}_p50_ms": spreads[name]["p50_ms"] for name in spreads}
    return {**figures, "queries": QUERIES["live"], "same": sum(same) / len(same)}


def _by_us(session: Session, need: Need) -> list[Candidate]:
    return nearest(session, need, now(session), FIRST, offered=last_offered(), **taken())


def _by_them(session: Session, name: str, question: str, asked: list[Need]) -> Answers:
    driver: Any = session.connection().connection.driver_connection
    design = DESIGNS[name]
    statement = question_of(design, live=question == "live")

    def answer(cursor: Any, need: Need) -> list[Candidate]:
        moment = now(session)
        given = {**told(need), "now": moment, "today": moment.date()}

        def rows(count: int) -> list[Any]:
            found = cursor.execute(statement, {**given, "count": count}, prepare=True)
            return list(found.fetchall())

        found = [Found(who, km, 0) for km, who in first(design, need, rows, FIRST)]
        return candidates(session, found, need, moment, last_offered())

    with driver.cursor() as cursor:
        return [timed(partial(answer, cursor, need)) for need in asked]


def _times(answers: Answers) -> dict[str, float]:
    return spread_of([ms for ms, _ in answers])
