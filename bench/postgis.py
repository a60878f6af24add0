"""Goal 5: what a specialist would use instead, PostGIS, made exact and measured in the same run.

A table with a row for each expert and skill that is asked for, and two indexes that are walked
from the need outwards: of geographies, and of our unit vectors in space. What an index yields is
put in order by exact geodesics until its own bound says that nobody nearer can follow.

Two questions are asked of each: the one that a match answers (may they be asked just now, read
from the profile), and one that believes the table (`bare`), which would have to be kept up to date
by whoever suspends, books or asks somebody. Both go straight through the driver; the facts of the
ten who are found are then read as for a match, since the answer is to be the same.
"""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.matching import FIRST, needs, taken
from core.clock import now
from core.db import db
from dispatch.choosing.occupied import last_offered
from roster.directory.order import nearest
from roster.directory.snapshots import Found, candidates
from roster.rules.geodesy import geodesic_km, lower_bound_km, unit_vector
from roster.rules.terms import Candidate, Need

QUERIES, WARM_UP = 500, 40
FETCHED, GROWTH = 20, 4
# A sphere of radius (2a + b) / 3 orders geographies; of all radii of curvature of the ellipsoid
# the least is a(1 − e²).
SPHERE = 0.9944
EXTENSIONS, PROGRAMS = Path("/usr/share/postgresql"), Path("/usr/lib/postgresql")
NEEDED = {"postgis", "btree_gist"}
MISSING = (
    "not measured, since PostGIS is not installed. On Debian 12: apt-get install "
    "postgresql-15-postgis-3; elsewhere name a server that has it in TEST_DATABASE_URL"
)

FILL = """
CREATE UNLOGGED TABLE peer AS
SELECT expert.id AS expert_id, skill, level, expert.valid_until, languages,
       skill_claim.valid_until AS claimed_until,
       ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography AS place,
       ST_MakePoint(x, y, z) AS vector, lat, lon
FROM expert
JOIN skill_claim ON skill_claim.expert_id = expert.id
JOIN (SELECT expert_id, array_agg(code::text) AS languages FROM expert_language GROUP BY 1)
     AS spoken ON spoken.expert_id = expert.id
WHERE status IN ('qualified', 'listed')
  AND skill IN ('BCP', 'CIR', 'RRC', 'LEG', 'DRB', 'FIN')
"""
QUESTION = """
SELECT peer.expert_id, peer.lat, peer.lon, {distance} AS distance
FROM peer {joined}
WHERE peer.skill = %(skill)s AND peer.level >= %(level)s AND languages && %(languages)s::text[]
  AND {passes}
ORDER BY distance LIMIT %(count)s
"""
BARE = "peer.valid_until >= %(today)s"
LIVE = """
      expert.status IN ('qualified', 'listed') AND expert.valid_until >= %(today)s
  AND expert.opted_out_at IS NULL AND (expert.phone <> '' OR expert.email <> '')
  AND (expert.on_site OR expert.remote)
  AND (expert.scope = 'global' OR expert.scope = 'regional' AND expert.region = ''
       OR expert.scope = 'national' AND expert.country = %(country)s)
  AND (claimed_until IS NULL OR claimed_until >= %(today)s)
  AND NOT EXISTS (SELECT FROM absence WHERE absence.expert_id = expert.id
                  AND starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s))
  AND NOT EXISTS (SELECT FROM offer WHERE offer.expert_id = expert.id AND status = 'open')
  AND NOT EXISTS (SELECT FROM conflict WHERE conflict.expert_id = expert.id
                  AND code IN (%(country)s, %(office)s))
  AND (SELECT count(*) FROM mission WHERE mission.expert_id = expert.id
       AND mission.status IN ('accepted', 'started')) < expert.max_missions
"""
JOINED = "JOIN expert ON expert.id = peer.expert_id"


@dataclass(frozen=True)
class Design:
    """An index, how the query walks it, and the least km that its distance stands for."""

    index: str
    distance: str
    at_least_km: Callable[[float], float]


DESIGNS = {
    "geography": Design(
        "CREATE INDEX peer_place ON peer USING gist (skill, place)",
        "place <-> ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography",
        lambda metres: SPHERE * metres / 1000,
    ),
    "vector": Design(
        "CREATE INDEX peer_vector ON peer USING gist (skill, vector gist_geometry_ops_nd)",
        "vector <<->> ST_MakePoint(%(x)s, %(y)s, %(z)s)",
        lambda chord: lower_bound_km(chord * chord),
    ),
}


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine that has PostGIS, as Debian puts them."""
    found = [
        (int(control.parts[-3]), PROGRAMS / control.parts[-3] / "bin")
        for control in EXTENSIONS.glob("*/extension/postgis.control")
        if control.parts[-3].isdigit()
    ]
    return max(found, default=(0, None))[1]


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
    asked = needs(session, QUERIES + WARM_UP)
    ours = [_timed(partial(_by_us, session, need)) for need in asked][WARM_UP:]
    figures, same = _spread(ours), []
    for question in ("live", "bare"):
        found = {name: _by_them(session, name, question, asked)[WARM_UP:] for name in DESIGNS}
        for answers in found.values():
            same += [one[1] == other[1] for one, other in zip(ours, answers, strict=True)]
        spreads = {name: _spread(answers) for name, answers in found.items()}
        for key in ("p50_ms", "p95_ms", "p99_ms"):  # of each figure the strongest
            figures[f"{question}_{key}"] = min(one[key] for one in spreads.values())
        figures |= {f"{question}_{name}_p50_ms": spreads[name]["p50_ms"] for name in spreads}
    return {**figures, "same": sum(same) / len(same)}


def _by_us(session: Session, need: Need) -> list[Candidate]:
    return nearest(session, need, now(session), FIRST, offered=last_offered(), **taken())


def build(session: Session) -> None:
    """Makes the table and its indexes, both at once."""
    for extension in sorted(NEEDED):
        session.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
    session.execute(text("SET LOCAL work_mem = '256MB'"))
    session.execute(text(FILL))
    session.commit()
    with ThreadPoolExecutor() as pool:
        list(pool.map(_index, [db.engine] * len(DESIGNS), [one.index for one in DESIGNS.values()]))
    session.execute(text("ANALYZE peer"))
    session.commit()


def _index(engine: Any, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text(statement))


def _by_them(
    session: Session, name: str, question: str, asked: list[Need]
) -> list[tuple[float, list[Candidate]]]:
    driver: Any = session.connection().connection.driver_connection
    design = DESIGNS[name]
    joined, passes = (JOINED, LIVE) if question == "live" else ("", BARE)
    statement = QUESTION.format(distance=design.distance, joined=joined, passes=passes)

    def answer(cursor: Any, need: Need) -> list[Candidate]:
        moment = now(session)
        given = {**_told(need), "now": moment, "today": moment.date()}

        def rows(count: int) -> list[Any]:
            found = cursor.execute(statement, {**given, "count": count}, prepare=True)
            return list(found.fetchall())

        found = [Found(who, km, 0) for km, who in first(design, need, rows)]
        return candidates(session, found, need, moment, last_offered())

    with driver.cursor() as cursor:
        return [_timed(partial(answer, cursor, need)) for need in asked]


def first(design: Design, need: Need, rows: Callable[[int], list[Any]]) -> list[tuple[float, int]]:
    """Km and id of the first ten; `rows` gives so many, by the distance of the index."""
    count = FETCHED
    while True:
        found, exact = rows(count), list[tuple[float, int]]()
        for who, lat, lon, distance in found:
            if len(exact) >= FIRST and design.at_least_km(distance) > sorted(exact)[FIRST - 1][0]:
                return sorted(exact)[:FIRST]
            exact.append((geodesic_km(need.lat, need.lon, lat, lon), who))
        if len(found) < count:
            return sorted(exact)[:FIRST]
        count *= GROWTH


def _told(need: Need) -> dict[str, Any]:
    (skill, level), (x, y, z) = need.skills[0], unit_vector(need.lat, need.lon)
    return {
        "lat": need.lat, "lon": need.lon, "x": x, "y": y, "z": z, "skill": skill, "level": level,
        "languages": sorted(need.languages), "country": need.country, "office": need.office,
    }  # fmt: skip


def _timed(work: Callable[[], list[Candidate]]) -> tuple[float, list[Candidate]]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def _spread(answers: list[tuple[float, list[Candidate]]]) -> dict[str, float]:
    parts = statistics.quantiles([ms for ms, _ in answers], n=100)
    return {"p50_ms": parts[49], "p95_ms": parts[94], "p99_ms": parts[98]}
