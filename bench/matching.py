"""The nearest ten who qualify, against sorting all who qualify by geopy: the same answer twice."""

import random
import statistics
import time
from collections.abc import Callable

from geopy.distance import geodesic
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.rosters import SEED
from core.clock import now
from core.db import db
from core.reference.models import Office
from dispatch.choosing.occupied import busy, load
from roster.directory import nearest
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules.terms import Need

QUERIES = 40
SORTED = 3  # so slow that a few are enough
FIRST = 10


def needs(session: Session, count: int) -> list[Need]:
    """`count` needs at random offices' seats, each for one skill in the office's languages."""
    chance = random.Random(SEED)
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    return [
        Need(
            lat=office.lat,
            lon=office.lon,
            skills=((chance.choice(("BCP", "CIR", "RRC", "LEG", "DRB", "FIN")), 2),),
            languages=frozenset(office.spoken),
            country=office.iso2,
            office=office.code,
        )
        for office in chance.choices(offices, k=count)
    ]


def by_directory(session: Session, need: Need) -> list[int]:
    """Ours: ids in order."""
    found = nearest(session, need, now(session), FIRST, busy=busy(), load=load())
    return [candidate.id for candidate in found]


def by_sorting(session: Session, need: Need) -> list[int]:
    """The plain way: every qualified expert from the database, sorted by geopy's geodesic."""
    today = now(session).date()
    code, level = need.skills[0]
    rows = session.execute(
        select(Expert.id, Expert.lat, Expert.lon).where(
            Expert.status.in_(("qualified", "listed")),
            Expert.valid_until >= today,
            Expert.id.in_(
                select(SkillClaim.expert_id).where(
                    SkillClaim.skill == code, SkillClaim.level >= level
                )
            ),
            Expert.id.in_(
                select(ExpertLanguage.expert_id).where(ExpertLanguage.code.in_(need.languages))
            ),
        )
    ).all()
    here = (need.lat, need.lon)
    order = sorted(rows, key=lambda row: (geodesic(here, (row.lat, row.lon)).km, row.id))
    return [row.id for row in order[:FIRST]]


def measure() -> dict[str, float]:
    """Milliseconds of both ways on the present database, and whether they agree."""
    session = db.session()
    asked = needs(session, QUERIES)
    by_directory(session, asked[0])  # the first one pays for the connection
    ours = [_timed(lambda need=need: by_directory(session, need)) for need in asked]
    plain = [_timed(lambda need=need: by_sorting(session, need)) for need in asked[:SORTED]]
    agree = all(ours[i][1] == plain[i][1] for i in range(SORTED))
    times = sorted(ms for ms, _ in ours)
    return {
        "p50_ms": statistics.median(times),
        "p95_ms": times[int(len(times) * 0.95)],
        "sorting_ms": statistics.median(ms for ms, _ in plain),
        "same_answer": float(agree),
    }


def _timed(work: Callable[[], list[int]]) -> tuple[float, list[int]]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result
