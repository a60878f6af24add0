"""What a specialist would use instead, PostGIS, made exact: its table, indexes and question.

A table with a row for each expert and skill that is asked for, and two indexes that are walked
from the need outwards: of geographies, and of our unit vectors in space. What an index yields is
put in order by exact geodesics until its own bound says that nobody nearer can follow.

Two questions are asked of each: the one that a match answers (may they be asked just now, read
from the profile), and one that believes the table (`BARE`), which would have to be kept up to date
by whoever suspends, books or asks somebody. Takes no time: `bench.postgis` does.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import db
from roster.rules.geodesy import geodesic_km, lower_bound_km, unit_vector
from roster.rules.terms import Need

FETCHED, GROWTH = 20, 4
# A sphere of radius (2a + b) / 3 orders geographies; of all radii of curvature of the ellipsoid
# the least is a(1 − e²).
SPHERE = 0.9944
NEEDED = {"postgis", "btree_gist"}
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


def question_of(design: Design, *, live: bool) -> str:
    """The question that a match answers, or the one that believes the table."""
    joined, passes = (JOINED, LIVE) if live else ("", BARE)
    return QUESTION.format(distance=design.distance, joined=joined, passes=passes)


def told(need: Need) -> dict[str, Any]:
    """What a question must be told of a need."""
    (skill, level), (x, y, z) = need.skills[0], unit_vector(need.lat, need.lon)
    return {
        "lat": need.lat, "lon": need.lon, "x": x, "y": y, "z": z, "skill": skill, "level": level,
        "languages": sorted(need.languages), "country": need.country, "office": need.office,
    }  # fmt: skip


def first(
    design: Design, need: Need, rows: Callable[[int], list[Any]], wanted: int
) -> list[tuple[float, int]]:
    """Km and id of the first `wanted`; `rows` gives so many, by the distance of the index."""
    count = FETCHED
    while True:
        found, exact = rows(count), list[tuple[float, int]]()
        for who, lat, lon, distance in found:
            if len(exact) >= wanted and design.at_least_km(distance) > sorted(exact)[wanted - 1][0]:
                return sorted(exact)[:wanted]
            exact.append((geodesic_km(need.lat, need.lon, lat, lon), who))
        if len(found) < count:
            return sorted(exact)[:wanted]
        count *= GROWTH
