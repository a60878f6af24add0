"""How long the nearest ten take, beside ten geodesics and beside sorting everybody by geopy."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from geopy.distance import geodesic
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from bench.rosters import SEED
from bench.timing import spread_of, timed
from core.clock import now
from core.db import db
from core.reference.models import Office
from dispatch.choosing.occupied import busy, last_offered, load
from roster.directory import exclusions, nearest, next_available
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules.terms import Need

QUERIES, FEWER = 1_000, 200  # p99 is judged on the largest roster, elsewhere the median
WARM_UP = 40
EVERY = 5  # so often somebody is looked for who does not exist
COMPARED = 200
SORTED = 3  # so slow that a few are enough
ASIDES = 2  # one takes seconds of a million
FIRST = 10
COMMON = frozenset({"ar", "es", "fr", "hi", "pt", "ru", "zh"})


def needs(session: Session, count: int) -> list[Need]:
    """`count` needs at random offices' seats, each for one skill in the office's languages."""
    chance = random.Random(SEED)
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    session.expunge_all()  # what ends a transaction need not go through all of them
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


def taken() -> dict[str, Any]:
    """Whom dispatch spares, as it tells the roster."""
    return {"busy": busy(), "load": load()}


def by_directory(session: Session, need: Need) -> list[int]:
    """Ours: ids in order."""
    found = nearest(session, need, now(session), FIRST, offered=last_offered(), **taken())
    return [candidate.id for candidate in found]


def by_sorting(session: Session, need: Need) -> list[int]:
    """The plain way: every qualified expert from the database, sorted by geopy's geodesic."""
    here = (need.lat, need.lon)
    rows = qualified(session, need)
    order = sorted(rows, key=lambda row: (geodesic(here, (row.lat, row.lon)).km, row.id))
    return [row.id for row in order[:FIRST]]


def qualified(session: Session, need: Need) -> Sequence[Row[int, float, float]]:
    """Id and degrees of all who could be asked."""
    today = now(session).date()
    code, level = need.skills[0]
    return session.execute(
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


def measure(queries: int) -> dict[str, float]:
    """Milliseconds of so many matches on the present database beside the anchor.

    The anchor, 10G, is ten geodesics in geopy's own engine, timed between the queries: the least
    that an exact top ten can cost.
    """
    session = db.session()
    asked = needs(session, queries + WARM_UP)
    for need in asked[:WARM_UP]:  # the first ones pay for the connection and for statements
        by_directory(session, need)
    ours, anchors, nobody = [], [], []
    for number, need in enumerate(asked[WARM_UP:]):
        ours.append(timed(partial(by_directory, session, need))[0])
        anchors.append(timed(partial(ten_geodesics, need))[0])
        if number % EVERY == 0:
            unheard = replace(need, languages=frozenset({"tlh"}))
            nobody.append(timed(partial(by_directory, session, unheard))[0])
    anchor = statistics.median(anchors)
    spread = spread_of(ours)
    return {
        "queries": queries,
        **spread,
        "ten_geodesics_ms": anchor,
        "p50_x": spread["p50_ms"] / anchor,
        "p99_x": spread["p99_ms"] / anchor,
        "nobody_ms": statistics.median(nobody),
        "nobody_x": statistics.median(nobody) / anchor,
    }


def measure_sorting() -> dict[str, float]:
    """Ours on 200 needs, the plain way on a few: how much slower, and if they agree.

    They ask for what many have, so that 22 % of all people on the roster qualify.
    """
    session = db.session()
    some = needs(session, COMPARED)
    asked = [replace(need, skills=(("BCP", 2),), languages=COMMON) for need in some]
    experts = session.scalar(select(func.count()).select_from(Expert)) or 1
    ours, plain, same = list[float](), list[float](), 0
    for number, need in enumerate(asked, 1):
        took, found = timed(partial(by_directory, session, need))
        ours.append(took)
        if number % (len(asked) // SORTED) == 0:
            took, expected = timed(partial(by_sorting, session, need))
            plain.append(took)
            same += found == expected
    mine, theirs = statistics.median(ours), statistics.median(plain)
    share = len(qualified(session, asked[0])) / experts
    return {
        "p50_ms": mine, "sorting_ms": theirs, "x": theirs / mine, "same": same / SORTED,
        "qualified": share,
    }  # fmt: skip


def measure_asides() -> dict[str, float]:
    """What is asked beside a match: why not the others, and when somebody will be free.

    The first looks at everybody and is asked by a page, or after the texts have left.
    """
    session = db.session()
    asked = needs(session, ASIDES + 1)
    whys, whens = [], []
    for need in asked:
        whys.append(timed(partial(exclusions, session, need, now(session), **taken()))[0])
        unheard = replace(need, languages=frozenset({"tlh"}))
        whens.append(timed(partial(next_available, session, unheard, now(session), **taken()))[0])
    return {"why_not_ms": statistics.median(whys), "who_later_ms": statistics.median(whens)}


def ten_geodesics(need: Need) -> list[int]:
    """Ten distances by geopy, all over the world."""
    here = (need.lat, need.lon)
    return [int(geodesic(here, (n * 7.3 - 30, n * 31.1 - 170)).km) for n in range(10)]
