"""Whether everybody is posted where they can be found, and how to put it right.

For operators, and for the tests: nothing else should ever find a difference.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from roster.models import Expert, Posting
from roster.models.postings import post, postings
from roster.rules.cells import cell_of
from roster.rules.geodesy import unit_vector

AT_ONCE = 1_000
NOWHERE = (None, None, None, None)


def misplaced(session: Session) -> list[int]:
    """The ids of those whose vectors or cells do not follow from their degrees, ascending."""
    places: Select[*tuple[Any, ...]] = select(
        Expert.id,
        Expert.lat, Expert.lon, Expert.x, Expert.y, Expert.z, Expert.cell,
        Expert.present_lat, Expert.present_lon,
        Expert.present_x, Expert.present_y, Expert.present_z, Expert.present_cell,
    ).order_by(Expert.id)  # fmt: skip
    rows = session.execute(places, execution_options={"yield_per": AT_ONCE})
    return [
        who
        for who, lat, lon, *base, there, away, x, y, z, cell in rows
        if tuple(base) != _follows(lat, lon) or (x, y, z, cell) != _follows(there, away)
    ]


def misposted(session: Session) -> list[int]:
    """The ids of those with a posting too few or too many, ascending."""
    return sorted(set(session.scalars(_apart())))


@cache
def _apart() -> CompoundSelect[tuple[int]]:
    """Whose postings are not those meant, both ways; every test asks, so it is built once."""
    meant, stored = select(postings().subquery()), select(*Posting.__table__.columns)
    apart = [
        one.except_(other).subquery() for one, other in ((meant, stored), (stored, meant))
    ]  # an expert's id is the fourth column of both
    return union_all(*(select(list(rows.c)[3]) for rows in apart))


def put_right(session: Session, misplaced: list[int], misposted: list[int]) -> None:
    """Writes the vectors of the misplaced anew, and the postings of all."""
    for ids in _portions(misplaced):
        for expert in session.scalars(select(Expert).where(Expert.id.in_(ids))):
            flag_modified(expert, "lat")  # what follows from it is written whenever it is
        session.flush()
    for ids in _portions(misposted):
        post(session.connection(), ids)


def _follows(lat: float | None, lon: float | None) -> tuple[float | int | None, ...]:
    if lat is None or lon is None:
        return NOWHERE
    vector = unit_vector(lat, lon)
    return *vector, cell_of(vector)


def _portions(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
