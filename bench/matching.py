"""The nearest ten who qualify, against sorting all who qualify by geopy: the same answer twice."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

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

QUERIES = 200
WARM_UP = 40
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
    """Milliseconds of both ways on the present database beside the anchor, and whether they agree.

    The anchor, 10G, is ten geodesics in geopy's own engine, timed between the queries: the least
    that an exact top ten can cost.
    """
    session = db.session()
    asked = needs(session, QUERIES + WARM_UP)
    for need in asked[:WARM_UP]:  # the first ones pay for the connection and for statements
        by_directory(session, need)
    asked = asked[WARM_UP:]
    ours, anchors, nobody = [], [], []
    for need in asked:
        ours.append(_timed(partial(by_directory, session, need)))
        anchors.append(_timed(partial(ten_geodesics, need))[0])
        unheard = replace(need, languages=frozenset({"tlh"}))
        nobody.append(_timed(partial(by_directory, session, unheard))[0])
    plain = [_timed(partial(by_sorting, session, need)) for need in asked[:SORTED]]
    agree = all(ours[i][1] == plain[i][1] for i in range(SORTED))
    times, anchor = sorted(ms for ms, _ in ours), statistics.median(anchors)
    return {
        "p50_ms": statistics.median(times),
        "p95_ms": times[int(len(times) * 0.95)],
        "p99_ms": times[int(len(times) * 0.99)],
        "ten_geodesics_ms": anchor,
        "p50_x": statistics.median(times) / anchor,
        "p99_x": times[int(len(times) * 0.99)] / anchor,
        "nobody_x": statistics.median(nobody) / anchor,
        "sorting_ms": statistics.median(ms for ms, _ in plain),
        "same_answer": float(agree),
    }


def ten_geodesics(need: Need) -> list[int]:
    """Ten distances by geopy, all over the world."""
    here = (need.lat, need.lon)
    return [int(geodesic(here, (n * 7.3 - 30, n * 31.1 - 170)).km) for n in range(10)]


def _timed(work: Callable[[], list[int]]) -> tuple[float, list[int]]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result
