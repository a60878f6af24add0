"""Makes rosters of any size: people where people live, skills and languages in clusters.

Seeded: the same size gives the same roster. Writes rows straight into the database, since it is
the search that is measured and not the import.
"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bench.pouring import in_bulk, pour
from core.accounts.models import User
from core.reference.models import Office, Place, Skill
from roster.models import Expert, ExpertLanguage, SkillClaim
from roster.models.postings import post
from roster.rules.cells import cell_of
from roster.rules.geodesy import unit_vector

SEED = 20261122
BATCH = 10_000
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
QUALIFIED = 0.7
# The same for everybody; as SQLite writes dates, which PostgreSQL reads as well (UTC).
SINCE = "2026-01-01 00:00:00.000000"
PLAIN = {
    "language": "en", "base": "", "remote": True, "on_site": True, "max_missions": 1,
    "two_way": True, "present_place": "", "evidence": "", "suspended_reason": "",
    "status_before": "", "iproc_reference": "", "scope": "global",
    "identified_at": SINCE, "updated_at": SINCE, "look_at": SINCE,
}  # fmt: skip
HOME = (Place.country, Place.lat, Place.lon, Place.time_zone, Place.population)
Home = Row[str, float, float, str, int]
CLUSTERS = (
    ("BCP", "CMT", "COM", "TRN"),
    ("CIR", "DRB", "CMT", "IPA"),
    ("RRC", "BCP", "GOV", "HRW"),
    ("LEG", "COM", "GOV"),
    ("FIN", "BCP"),
    ("DRB", "ONL", "IPA"),
)


def fill(session: Session, size: int, qualified: float = QUALIFIED) -> None:
    """Puts `size` people on the roster of an empty database; commits batch by batch.

    `qualified` is the part of them who are experts; the others are applicants.
    """
    vetters = two_vetters(session)
    with in_bulk(session) as bulk:
        people = People(bulk, random.Random(SEED + size), vetters, qualified)
        for start in range(0, size, BATCH):
            _pour_batch(bulk, people, range(start + 1, min(start + BATCH, size) + 1))
            bulk.commit()
        post(bulk.connection())


class People:
    """Draws people: where people live, with the languages and skills that go together."""

    def __init__(
        self,
        session: Session,
        chance: random.Random,
        vetters: tuple[int, int],
        qualified: float,
    ) -> None:
        self.chance, self.vetters, self.qualified = chance, vetters, qualified
        self.offices = {one.iso2: one for one in session.scalars(select(Office)) if one.iso2}
        self.spoken = {iso2: one.spoken[:2] for iso2, one in self.offices.items()}
        self.skills = sorted(session.scalars(select(Skill.code)))
        everywhere = session.execute(select(*HOME).order_by(Place.id))
        self._places = [place for place in everywhere if place.country in self.offices]
        self._weights = list(accumulate(max(place.population, 1000) for place in self._places))

    def homes(self, count: int) -> list[Home]:
        """Where `count` people live."""
        return self.chance.choices(self._places, cum_weights=self._weights, k=count)


def _pour_batch(session: Session, people: People, numbers: range) -> None:
    chance, offices = people.chance, people.offices
    homes = dict(zip(numbers, people.homes(len(numbers)), strict=True))
    pour(session, Expert, [
        _expert(people, number, home, offices[home.country])
        for number, home in homes.items()
    ])  # fmt: skip
    pour(session, ExpertLanguage, [
        {"expert_id": number, "code": code}
        for number, home in homes.items()
        for code in sorted(_languages(chance, people.spoken[home.country]))
    ])  # fmt: skip
    pour(session, SkillClaim, [
        {"expert_id": number, "skill": code, "level": chance.choice((1, 2, 2, 3)), "evidence": ""}
        for number in numbers
        for code in sorted({*chance.choice(CLUSTERS), chance.choice(people.skills)})
    ])  # fmt: skip


def two_vetters(session: Session) -> tuple[int, int]:
    """The ids of two accounts that have examined everybody."""
    made = [
        User(email=f"vetter{n}@bench.example", fs_uniquifier=f"bench{n}", created_at=LONG_AGO)
        for n in (1, 2)
    ]
    session.add_all(made)
    session.flush()
    return made[0].id, made[1].id


def _expert(people: People, number: int, home: Home, office: Office) -> dict[str, Any]:
    chance, vetters = people.chance, people.vetters
    lat = max(-90.0, min(90.0, home.lat + chance.gauss(0, 0.1)))
    lon = (home.lon + chance.gauss(0, 0.1) + 180) % 360 - 180
    x, y, z = unit_vector(lat, lon)
    qualified = chance.random() < people.qualified
    return {
        **PLAIN,
        "id": number,
        "public_id": f"{number:026}",
        "name": f"Expert {number}",
        "email": f"e{number}@bench.example",
        "phone": f"+1{2_000_000_000 + number}",
        "country": home.country,
        "region": office.region,
        "lat": lat,
        "lon": lon,
        "x": x,
        "y": y,
        "z": z,
        "cell": cell_of((x, y, z)),
        "time_zone": home.time_zone,
        "status": "qualified" if qualified else "applicant",
        "valid_until": "2035-01-01" if qualified else None,
        "vetted_by": vetters[0],
        "approved_by": vetters[1],
    }


def _languages(chance: random.Random, spoken: Iterable[str]) -> set[str]:
    return {*spoken, chance.choice(("en", "en", "fr", "es"))}
