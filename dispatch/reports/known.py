"""Which codes there are just now, and where the reporting office is: read in one statement."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.reference.models import CrisisKind, Language, Office, Service, Skill
from roster.directory.given import gathered, kind_of

# In the order of Known's fields.
CODES = (Office.code, CrisisKind.code, Service.code, Skill.code, Language.code)


@dataclass(frozen=True)
class Whereabouts:
    """Where an office is: ISO 3166-1 (may be empty), and degrees."""

    iso2: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Known:
    """The codes of offices, kinds, services, skills and languages; where one office is."""

    offices: frozenset[str]
    kinds: frozenset[str]
    services: frozenset[str]
    skills: frozenset[str]
    languages: frozenset[str]
    where: Whereabouts | None


def read_known(session: Session, office: str = "") -> Known:
    """All codes that a report may use, and where the office with code `office` is, if any."""
    found = session.connection().execute(_known(kind_of(session)), {"office": office}).one()
    *lists, iso2, lat, lon = found
    offices, kinds, services, skills, languages = (frozenset(json.loads(each)) for each in lists)
    where = Whereabouts(iso2, lat, lon) if iso2 is not None else None
    return Known(offices, kinds, services, skills, languages, where)


@cache
def _known(kind: str) -> Select[*tuple[Any, ...]]:
    here = select(literal(1).label("one")).subquery("here")
    return select(
        *(_all(kind, column) for column in CODES), Office.iso2, Office.lat, Office.lon
    ).select_from(here.outerjoin(Office, Office.code == bindparam("office")))


def _all(kind: str, code: InstrumentedAttribute[str]) -> ColumnElement[str]:
    return select(gathered(kind, code)).scalar_subquery()
