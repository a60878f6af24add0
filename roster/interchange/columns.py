"""The columns of a roster file, and one row read: each cell that the file has, or a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.reference.models import Language, Office, Region, Skill
from roster.interchange import cells
from roster.interchange.cells import CellError
from roster.rules import terms

COLUMNS = (
    "name", "email", "phone", "language", "country", "region", "base", "lat", "lon", "time_zone",
    "languages", "skills", "modes", "max_missions", "conflicts", "status", "valid_until",
    "available",
)  # fmt: skip
KEY = "email"


@dataclass(frozen=True)
class Known:
    """The codes that a file may use, and each country's region."""

    regions: frozenset[str]
    languages: frozenset[str]
    skills: frozenset[str]
    region_of: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One row that could be read: `given` has a value for each column that the file has.

    None is an empty cell: somebody who is there keeps what they have, a new one gets the default.
    Empty skills, languages and conflicts are lists without items, and mean just that.
    """

    line: int
    email: str
    given: Mapping[str, Any]


def read_known(session: Session) -> Known:
    """The codes in force now."""
    offices = session.execute(select(Office.iso2, Office.region).where(Office.iso2 != ""))
    return Known(
        frozenset(session.scalars(select(Region.code))),
        frozenset(session.scalars(select(Language.code))),
        frozenset(session.scalars(select(Skill.code))),
        {row.iso2: row.region for row in offices},
    )


def read_entry(line: int, row: Mapping[str, str], known: Known) -> Entry:
    """The row as values. Raises CellError with the first reason against it."""
    if not row.get(KEY):
        raise CellError("email is missing; it is how we tell people apart")
    email = cells.read_email(row[KEY])
    readers = _readers(known, row.get("country", ""))
    given = {column: readers[column](text) for column, text in row.items() if column != KEY}
    for one, other in (("lat", "lon"), ("lon", "lat")):
        if given.get(one) is not None and given.get(other) is None:
            raise CellError(f"{other} is missing beside {one}")
    return Entry(line, email, given)


def _readers(known: Known, country: str) -> dict[str, Callable[[str], Any]]:
    def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
        return lambda text: read(text) if text else None

    def codes(column: str, allowed: frozenset[str]) -> Callable[[str], set[str]]:
        return lambda text: {
            cells.read_code(column, item, allowed) for item in cells.read_list(text)
        }

    return {
        "name": lambda text: cells.read_text("name", text, 200),
        "phone": optional(lambda text: cells.read_phone(text, country.upper())),
        "language": optional(lambda text: cells.read_code("language", text, known.languages)),
        "country": optional(cells.read_country),
        "region": optional(lambda text: cells.read_code("region", text, known.regions)),
        "base": optional(lambda text: cells.read_text("base", text, 200)),
        "lat": optional(lambda text: cells.read_number("lat", text, -90, 90)),
        "lon": optional(lambda text: cells.read_number("lon", text, -180, 180)),
        "time_zone": optional(cells.read_time_zone),
        "languages": codes("language", known.languages),
        "skills": lambda text: cells.read_skills(text, known.skills),
        "modes": optional(cells.read_modes),
        "max_missions": optional(cells.read_missions),
        "conflicts": lambda text: {cells.read_country(item) for item in cells.read_list(text)},
        "status": optional(lambda text: cells.read_code("status", text, terms.STATUSES)),
        "valid_until": optional(_valid_until),
        "available": optional(cells.read_available),
    }


def _valid_until(text: str) -> date:
    return cells.read_date("valid_until", text)
