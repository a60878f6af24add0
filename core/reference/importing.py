"""Imports offices from a CSV file of the shipped form; knows no command line.

The file has the last word on the rows it names. What an office says of itself (contacts, address,
critical services, and languages once it has edited them) stays the office's own.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.reference.loading import apply
from core.reference.models import Language, Office, Region
from core.reference.office_rows import (
    COLUMNS,
    REQUIRED,
    Known,
    OfficeRowError,
    names_of,
    read_office,
)
from core.tables import read_table

# Columns of the file that an office may also edit on its own page.
OWN = frozenset({"languages"})


@dataclass
class Outcome:
    """What an import did: codes of offices, and (line, reason) of the refused rows."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def note(self, code: str, *, is_new: bool, changed: list[str]) -> None:
        """Notes a row that was taken."""
        kept = self.changed if changed else self.unchanged
        (self.added if is_new else kept).append(code)

    def refuse(self, line: int, reason: str) -> None:
        """Notes a row that was not taken."""
        self.refused.append((line, reason))


def import_offices(session: Session, path: Path, *, actor: str, now: datetime) -> Outcome:
    """Stores the good rows of the file at `path`, each change with its audit row.

    Raises core.tables.TableError when the file cannot be read at all.
    """
    outcome = Outcome()
    known = Known(
        regions=session.scalars(select(Region.code).order_by(Region.code)).all(),
        languages=set(session.scalars(select(Language.code))),
    )
    present = {office.code: office for office in session.scalars(select(Office))}
    lines: dict[str, int] = {}
    for line, cells in read_table(path, COLUMNS, required=REQUIRED, refuse=outcome.refuse):
        try:
            values = read_office(cells, known)
            _once(lines, values["code"], line)
        except OfficeRowError as error:
            outcome.refuse(line, str(error))
            continue
        office = present.get(values["code"])
        changed = _store(session, office, values)
        outcome.note(values["code"], is_new=office is None, changed=changed)
        if changed:
            audit.record(
                session, actor=actor, action="office.imported",
                subject=f"office:{values['code']}", now=now, columns=changed,
            )  # fmt: skip
    return outcome


def _once(lines: dict[str, int], code: str, line: int) -> None:
    first = lines.setdefault(code, line)
    if first != line:
        raise OfficeRowError(f"code {code} is on line {first} already")


def _store(session: Session, office: Office | None, values: dict[str, Any]) -> list[str]:
    """Stores one row; returns the names of the columns that changed."""
    if office is None:
        names = names_of(values)
        session.add(Office(**values, names=names, edited=sorted({*values, "names"} - OWN)))
        return sorted(values)
    if values["name_en"] != office.name_en:
        values["names"] = office.names | {"en": values["name_en"]}
    changed = apply(office, values, but=OWN & set(office.edited))
    # Marked, or the next upgrade would undo what an administrator has imported.
    office.edited = sorted({*office.edited, *(set(changed) - OWN)})
    return changed
