"""HR's pages among many applicants: the queue, the search and coverage, against one indexed query.

The anchor is the least that a page of fifty can cost: fifty cases by their numbers, with the same
people and skills loaded. A seventh of the cases is examined a little.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session, selectinload

from bench.rosters import BATCH, LONG_AGO, SEED
from core.clock import now
from core.db import db
from dispatch.choosing.occupied import busy, load
from roster.coverage.counting import count_coverage
from roster.coverage.outlook import look_out
from roster.models import Expert, VettingCase, VettingStep
from roster.models.words import ExpertWord, words_of
from roster.rules import stages
from roster.vetting.queue import PAGE, Filters, list_cases
from roster.vetting.waiting import DECISION

TIMES = 15
TODAY = date(2027, 1, 15)
NAMES = ("Amina", "Boris", "Chen", "Diego", "Elena", "Fatou", "Grace", "Hiro", "Ines", "Jonas")
SEARCHES = {
    "queue": Filters(),
    "stage": Filters(stage=stages.INTERVIEW),
    "search": Filters(text="elena 77"),
    # What hardly any case or nobody matches, and would cost a look at every one.
    "ready": Filters(stage=DECISION),
    "nobody": Filters(region="none"),
}


def fill_cases(session: Session) -> None:
    """Opens a case for every applicant, and gives everybody words by which they are found."""
    chance = random.Random(SEED)
    people = session.execute(select(Expert.id, Expert.name, Expert.email, Expert.status)).all()
    vetter = session.scalar(select(Expert.vetted_by).limit(1)) or 0
    cases = [_case(chance, person.id) for person in people if person.status == "applicant"]
    steps = [
        _step(number, stage, vetter)
        for number in range(1, len(cases) + 1)
        for stage in stages.STAGES[: 3 if number % 7 == 0 else 0]
    ]
    words = [
        {"word": word, "expert_id": person.id}
        for person in people
        for word in words_of(f"{chance.choice(NAMES)} {person.name} {person.email}")
    ]
    for table, rows in ((VettingCase, cases), (VettingStep, steps), (ExpertWord, words)):
        for part in _parts(rows):
            session.execute(insert(table), part)
            session.commit()
    session.execute(text("ANALYZE"))
    session.commit()


def measure() -> dict[str, float]:
    """Milliseconds at the median, and how many times the anchor each of HR's looks takes."""
    session = db.session()
    anchor = _median(lambda: _fifty(session))
    figures = {"anchor_ms": anchor}
    looks: dict[str, Callable[[], object]] = {
        name: partial(list_cases, session, filters, me=1, today=TODAY)
        for name, filters in SEARCHES.items()
    }
    looks["coverage"] = lambda: count_coverage(session, now(session), busy=busy(), load=load())
    looks["outlook"] = lambda: look_out(session, now(session))
    for name, look in looks.items():
        figures[f"{name}_ms"] = _median(look)
        figures[f"{name}_times"] = figures[f"{name}_ms"] / anchor
    return figures


def _fifty(session: Session) -> list[VettingCase]:
    shown = selectinload(VettingCase.expert)
    query = select(VettingCase).where(VettingCase.id <= PAGE)
    loaded = (shown.selectinload(Expert.skills), shown.lazyload("*"))
    return list(session.scalars(query.options(*loaded)).unique())


def _median(look: Callable[[], object]) -> float:
    look()  # the first one compiles its SQL
    times = []
    for _ in range(TIMES):
        db.session.expunge_all()
        start = time.perf_counter()
        look()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _case(chance: random.Random, expert: int) -> dict[str, Any]:
    due = TODAY + timedelta(days=chance.randrange(-30, 60))
    return {"expert_id": expert, "opened_at": LONG_AGO, "due_on": due}


def _step(case: int, stage: str, vetter: int) -> dict[str, Any]:
    return {
        "case_id": case, "stage": stage, "result": stages.PASSED, "reviewer_id": vetter,
        "at": LONG_AGO,
    }  # fmt: skip


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
