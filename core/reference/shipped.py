"""The reference rows that ship in core/data, as plain values. Knows no database."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.reference import office_rows
from core.tables import TableError, read_table

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = (
    "regions.json",
    "languages.json",
    "skills.json",
    "kinds.json",
    "services.json",
    "office_names.json",
    "offices.csv",
)
VERSION = 1  # raised when the same files are to be read differently


def digest() -> str:
    """SHA-256 of everything that ships, in hexadecimal."""
    total = hashlib.sha256(str(VERSION).encode())
    for name in FILES:
        total.update((DATA / name).read_bytes())
    return total.hexdigest()


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of `name`.json, in their order, as `{"code": …, "names": {…}, …}`."""
    found: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


def offices() -> Iterator[dict[str, Any]]:
    """The shipped offices, by column of the table `office`."""
    names = {row["code"]: row["names"] for row in rows("office_names")}
    known = office_rows.Known(
        regions=[row["code"] for row in rows("regions")],
        languages=[row["code"] for row in rows("languages")],
    )
    for _line, cells in read_table(
        DATA / "offices.csv", office_rows.COLUMNS, required=office_rows.COLUMNS, refuse=_refuse
    ):
        yield {**office_rows.read_office(cells, known), "names": names[cells["code"]]}


def _refuse(line: int, reason: str) -> None:
    raise TableError(f"offices.csv, line {line}: {reason}")
