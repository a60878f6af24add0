"""Goal 1: the nearest ten of random needs, judged by PROJ among all and by geopy among the first.

The judge shares nothing with the search: profiles in arrays, PROJ's geodesics to everybody who
qualifies, and geopy's for those who are within a millimetre of the tenth. Run it in a process of
its own, `python -m bench.judging URL QUERIES`: no time is taken, so two databases are judged at
once.
"""

import json
import random
import sys
from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np
from geopy.distance import geodesic
from pyproj import Geod
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.filling import opened
from bench.rosters import SEED
from core.clock import now
from core.db import db
from core.reference.models import Office
from dispatch.choosing.occupied import busy, load
from roster.directory import nearest
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules.terms import Need

FIRST = 10
A_MILLIMETRE = 1e-3  # metres
VETTED = ("qualified", "listed")
ELLIPSOID = Geod(ellps="WGS84")
SKILLS = ("BCP", "CIR", "COM", "DRB", "FIN", "LEG", "ONL", "RRC")


class Judge:
    """Everybody on the roster in arrays, as of one day."""

    def __init__(self, session: Session, today: date) -> None:
        columns = (Expert.id, Expert.lat, Expert.lon, Expert.status, Expert.valid_until)
        people = session.execute(select(*columns).order_by(Expert.id)).all()
        self._ids = np.array([one.id for one in people])
        self._lat = np.array([one.lat for one in people])
        self._lon = np.array([one.lon for one in people])
        self._fit = np.array([
            one.status in VETTED and one.valid_until is not None and one.valid_until >= today
            for one in people
        ])  # fmt: skip
        row = {one.id: index for index, one in enumerate(people)}
        self._level: dict[str, Any] = defaultdict(lambda: np.zeros(len(people), dtype=int))
        for claim in session.execute(select(SkillClaim.__table__)):
            self._level[claim.skill][row[claim.expert_id]] = claim.level
        self._speaks: dict[str, Any] = defaultdict(lambda: np.zeros(len(people), dtype=bool))
        for spoken in session.execute(select(ExpertLanguage.__table__)):
            self._speaks[spoken.code][row[spoken.expert_id]] = True

    def first(self, need: Need) -> list[tuple[float, int]]:
        """Kilometres as geopy has them, and ids, of the first ten."""
        qualified = self._fit & np.any([self._speaks[code] for code in need.languages], axis=0)
        for skill, level in need.skills:
            qualified &= self._level[skill] >= level
        who = np.flatnonzero(qualified)
        here = np.full(len(who), need.lon), np.full(len(who), need.lat)
        _, _, metres = ELLIPSOID.inv(*here, self._lon[who], self._lat[who])
        farthest = np.sort(metres)[:FIRST][-1] if len(who) else 0.0
        near = who[metres <= farthest + A_MILLIMETRE]
        return sorted((self._km(need, one), int(self._ids[one])) for one in near)[:FIRST]

    def _km(self, need: Need, one: int) -> float:
        there = (float(self._lat[one]), float(self._lon[one]))
        return float(geodesic((need.lat, need.lon), there).km)


def random_need(chance: random.Random, offices: list[Office]) -> Need:
    """At an office's seat or anywhere on the globe, for one skill or two."""
    office = chance.choice(offices)
    anywhere = (chance.uniform(-90, 90), chance.uniform(-180, 180))
    lat, lon = chance.choice(((office.lat, office.lon), anywhere))
    skills = [(code, chance.choice((1, 2, 3))) for code in chance.sample(SKILLS, 2)]
    languages = chance.choice((office.spoken, ["en"], ["fr", "es"]))
    return Need(
        lat=lat, lon=lon, skills=tuple(skills[: chance.choice((1, 1, 2))]),
        languages=frozenset(languages), country=office.iso2, office=office.code,
    )  # fmt: skip


def agreement(session: Session, queries: int) -> dict[str, float]:
    """Of how many random needs the answer is the judge's, to the last bit of every kilometre."""
    chance, judge = random.Random(SEED), Judge(session, now(session).date())
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    same = full = 0
    for _ in range(queries):
        need = random_need(chance, offices)
        found = nearest(session, need, now(session), FIRST, busy=busy(), load=load())
        same += [(one.distance_km, one.id) for one in found] == judge.first(need)
        full += len(found) == FIRST
        session.rollback()
    return {"queries": queries, "same": same, "with_ten": full}


if __name__ == "__main__":
    with opened(sys.argv[1]):
        sys.stdout.write(json.dumps(agreement(db.session(), int(sys.argv[2]))))
