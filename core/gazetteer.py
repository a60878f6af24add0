"""Loads the towns of core/data/places.csv.gz (GeoNames, CC BY 4.0) into the database.

Knows nothing of looking them up: that is `core.places`.
"""

import csv
import gzip
import hashlib
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

import psycopg
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.reference.models import Place, PlaceName, ReferenceStamp
from core.spelling import fold

PLACES = Path(__file__).resolve().parent / "data" / "places.csv.gz"
STAMP = "places"
COPY_PLACES = "COPY place (id, name, country, lat, lon, time_zone, population) FROM STDIN"
COPY_NAMES = "COPY place_name (folded, place_id) FROM STDIN"
INSERT_PLACES = (
    "INSERT INTO place (id, name, country, lat, lon, time_zone, population) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
INSERT_NAMES = "INSERT INTO place_name (folded, place_id) VALUES (?, ?)"
Town = tuple[int, str, str, float, float, str, int]


def load_places(session: Session, _now: datetime, *, at_least: int = 0) -> str:
    """Replaces the towns when the shipped file is another one; says how many there are.

    A loader of `core.upgrading`. Towns are nobody's to edit, so nothing of anybody's is lost.
    `at_least` leaves out towns with fewer people, for tests that want a small database.
    """
    content = PLACES.read_bytes()
    digest = hashlib.sha256(content + str(at_least).encode()).hexdigest()
    stamp = session.get(ReferenceStamp, STAMP)
    if stamp and stamp.digest == digest:
        return ""
    session.merge(ReferenceStamp(name=STAMP, digest=digest))
    session.execute(delete(PlaceName))
    session.execute(delete(Place))
    return f"Places: {store(session, content, at_least)} towns of the gazetteer."


def store(session: Session, content: bytes, at_least: int) -> int:
    """Writes all towns and their spellings past the ORM; returns how many towns."""
    towns: list[Town] = []
    names: list[tuple[str, int]] = []
    for town, spellings in read(content):
        if town[-1] < at_least:
            break  # the largest come first
        towns.append(town)
        names.extend((spelling, town[0]) for spelling in spellings)
    names.sort()  # in the order of the key a quarter of a million rows go in fastest
    driver = session.connection().connection.driver_connection
    if isinstance(driver, psycopg.Connection):
        for copy, rows in ((COPY_PLACES, towns), (COPY_NAMES, names)):
            with driver.cursor() as cursor, cursor.copy(copy) as target:
                for row in rows:
                    target.write_row(row)
    else:
        session.connection().exec_driver_sql(INSERT_PLACES, towns)
        session.connection().exec_driver_sql(INSERT_NAMES, names)
    return len(towns)


def read(content: bytes) -> Iterator[tuple[Town, set[str]]]:
    """Each town with all its folded spellings, the main one too."""
    text = gzip.decompress(content).decode()
    for number, name, country, lat, lon, zone, people, others in csv.reader(StringIO(text)):
        town = (int(number), name, country, float(lat), float(lon), zone, int(people))
        yield town, {fold(name), *filter(None, others.split("|"))}
