"""Roster files for tests: rows with sensible defaults, written the way a person would."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.interchange import COLUMNS
from roster.models import Expert

VETTING = (
    "--vetted-by", " First.Vetter@example.org", "--approved-by", "second.vetter@example.org",
    "--evidence", "Panel of 3 May 2026",
)  # fmt: skip
AMINA: Mapping[str, str] = {
    "name": "Amina Haddad", "email": "amina@example.org", "phone": "+41 22 555 01 01",
    "language": "ar", "country": "CH", "region": "TDC", "base": "Geneva", "lat": "46.2022",
    "lon": "6.1457", "time_zone": "Europe/Zurich", "languages": "ar;fr", "skills": "CIR:3;BCP",
    "modes": "remote;on_site", "max_missions": "2", "conflicts": "UA;FR", "status": "qualified",
    "valid_until": "2031-05-31", "available": "yes",
}  # fmt: skip


def person(number: int, **cells: str) -> dict[str, str]:
    """A good row like Amina's for somebody else."""
    own = {"email": f"p{number}@example.org", "phone": f"+4122555{number:04d}"}
    return {**AMINA, "name": f"Person {number}", **own, **cells}


def write(path: Path, *rows: Mapping[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A file of `rows` with `columns`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_email(session: Session, email: str) -> Expert:
    """The expert with this address, as the database has them now."""
    session.expire_all()
    return session.scalars(select(Expert).where(Expert.email == email)).one()


def facts(expert: Expert) -> dict[str, Any]:
    """What a test compares."""
    return {
        "languages": {row.code for row in expert.languages},
        "skills": {row.skill: row.level for row in expert.skills},
        "conflicts": {row.code for row in expert.conflicts},
        "modes": {mode for mode in ("remote", "on_site") if getattr(expert, mode)},
    }
