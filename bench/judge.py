"""The judge of goal 1: PROJ among all who are near, geopy among the first of them.

It shares nothing with the search: profiles in arrays, a sphere that is only used to leave out who
is far away, PROJ's geodesics to the others, and geopy's for those who are within a millimetre of
the tenth.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from geopy.distance import geodesic
from pyproj import Geod
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.reference.models import Office
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.rules.terms import Need

FIRST = 10
A_MILLIMETRE = 1e-3  # metres
# On a sphere a geodetic latitude is wrong by a little: a step is between a(1 − e²) = 6335.4 and
# a / sqrt(1 − e²) = 6399.6 km for a radian, whichever way it leads. So whoever is 1.0102 times as
# far away as the tenth is not among the ten; a good deal more are looked at.
SURELY_FARTHER = 1.05
VETTED = ("qualified", "listed")
ELLIPSOID = Geod(ellps="WGS84")
SKILLS = ("BCP", "CIR", "COM", "DRB", "FIN", "LEG", "ONL", "RRC")
Answer = list[tuple[float, int]]  # kilometres and ids


class Judge:
    """Everybody on the roster in arrays, as of one day."""

    def __init__(self, session: Session, today: date) -> None:
        columns = (Expert.id, Expert.lat, Expert.lon, Expert.status, Expert.valid_until)
        people = session.execute(select(*columns).order_by(Expert.id)).all()
        self._ids = np.array([one.id for one in people])
        self._lat = np.array([one.lat for one in people])
        self._lon = np.array([one.lon for one in people])
        self._on_sphere = _on_sphere(self._lat, self._lon)
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

    def checksum(self, needs: Sequence[Need]) -> str:
        """Equal for two rosters and the needs asked of them if all answers are, to the last bit.

        Of a judge that has not yet been asked.
        """
        sha = hashlib.sha256()
        for need in needs:
            sha.update(repr((need.lat, need.lon, need.skills, sorted(need.languages))).encode())
        for array in (self._ids, self._lat, self._lon, self._fit):
            sha.update(array.tobytes())
        for known in (self._level, self._speaks):
            for code in sorted(known):
                sha.update(code.encode() + known[code].tobytes())
        return sha.hexdigest()

    def first(self, need: Need) -> Answer:
        """Kilometres as geopy has them, and ids, of the first ten."""
        qualified = self._fit & np.any([self._speaks[code] for code in need.languages], axis=0)
        for skill, level in need.skills:
            qualified = qualified & (self._level[skill] >= level)
        who = self._not_surely_farther(need, np.flatnonzero(qualified))
        here = np.full(len(who), need.lon), np.full(len(who), need.lat)
        _, _, metres = ELLIPSOID.inv(*here, self._lon[who], self._lat[who])
        farthest = np.sort(metres)[:FIRST][-1] if len(who) else 0.0
        near = who[metres <= farthest + A_MILLIMETRE]
        return sorted((self._km(need, one), int(self._ids[one])) for one in near)[:FIRST]

    def _not_surely_farther(self, need: Need, who: Any) -> Any:
        if len(who) <= FIRST:
            return who
        chords = np.linalg.norm(self._on_sphere[who] - _on_sphere(need.lat, need.lon), axis=1)
        angles = 2 * np.arcsin(np.minimum(chords / 2, 1.0))
        return who[angles <= np.partition(angles, FIRST - 1)[FIRST - 1] * SURELY_FARTHER + 1e-6]

    def _km(self, need: Need, one: int) -> float:
        there = (float(self._lat[one]), float(self._lon[one]))
        return float(geodesic((need.lat, need.lon), there).km)


def _on_sphere(lat: Any, lon: Any) -> Any:
    phi, lam = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def random_needs(session: Session, seed: int, count: int) -> list[Need]:
    """At an office's seat or anywhere on the globe, for one skill or two."""
    chance = random.Random(seed)
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    session.expunge_all()
    return [_random_need(chance, offices) for _ in range(count)]


def _random_need(chance: random.Random, offices: list[Office]) -> Need:
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
