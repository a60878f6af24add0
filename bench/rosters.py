"""Makes rosters of any size: people where people live, skills and languages in clusters.

Seeded: the same size gives the same roster. Writes rows straight into the database, since it is
the search that is measured and not the import.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.db import Base
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
CLUSTERS = (
    ("BCP", "CMT", "COM", "TRN"),
    ("CIR", "DRB", "CMT", "IPA"),
    ("RRC", "BCP", "GOV", "HRW"),
    ("LEG", "COM", "GOV"),
    ("FIN", "BCP"),
    ("DRB", "ONL", "IPA"),
)


def fill(session: Session, size: int) -> None:
    """Puts `size` experts on the roster of an empty database; commits batch by batch."""
    chance = random.Random(SEED + size)
    offices = {office.iso2: office for office in session.scalars(select(Office)) if office.iso2}
    skills = list(session.scalars(select(Skill.code)))
    places = [place for place in session.scalars(select(Place)) if place.country in offices]
    weights = [max(place.population, 1000) for place in places]
    vetters = two_vetters(session)
    for start in range(0, size, BATCH):
        people = range(start + 1, min(start + BATCH, size) + 1)
        homes = chance.choices(places, weights, k=len(people))
        rows = [
            _expert(chance, number, home, offices[home.country], vetters)
            for number, home in zip(people, homes, strict=True)
        ]
        pour(session, Expert, rows)
        pour(
            session,
            ExpertLanguage,
            [
                {"expert_id": number, "code": code}
                for number, home in zip(people, homes, strict=True)
                for code in _languages(chance, offices[home.country])
            ],
        )
        pour(session, SkillClaim, [
            {"expert_id": number, "skill": code, "level": chance.choice((1, 2, 2, 3)),
             "evidence": ""}
            for number in people
            for code in {*chance.choice(CLUSTERS), chance.choice(skills)}
        ])  # fmt: skip
        session.commit()
    post(session.connection())
    session.commit()


def pour(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes many rows the quickest way that the database has; each names the same columns."""
    columns = list(rows[0])
    name, names = table.__tablename__, ", ".join(columns)
    values = [tuple(row[column] for column in columns) for row in rows]
    if session.get_bind().dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {name} ({names}) VALUES ({places})"  # noqa: S608
        session.connection().exec_driver_sql(statement, values)
        return
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def two_vetters(session: Session) -> tuple[int, int]:
    """The ids of two accounts that have examined everybody."""
    made = [
        User(email=f"vetter{n}@bench.example", fs_uniquifier=f"bench{n}", created_at=LONG_AGO)
        for n in (1, 2)
    ]
    session.add_all(made)
    session.flush()
    return made[0].id, made[1].id


def _expert(
    chance: random.Random, number: int, home: Place, office: Office, vetters: tuple[int, int]
) -> dict[str, Any]:
    lat = max(-90.0, min(90.0, home.lat + chance.gauss(0, 0.1)))
    lon = (home.lon + chance.gauss(0, 0.1) + 180) % 360 - 180
    x, y, z = unit_vector(lat, lon)
    qualified = chance.random() < QUALIFIED
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


def _languages(chance: random.Random, office: Office) -> set[str]:
    return {*office.spoken[:2], chance.choice(("en", "en", "fr", "es"))}
