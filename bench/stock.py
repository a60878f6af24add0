"""The databases of a run: rosters that are filled once, and copied where a part changes them."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.side_by_side import at_once
from tests import postgres
from tests.databases import clone, create

EXTENSIONS, PROGRAMS = Path("/usr/share/postgresql"), Path("/usr/lib/postgresql")
MEMORY_WANTED = 8 * 1024**3  # bytes: rosters and PostGIS beside them, and what sorting them takes
SQLITE, POSTGRESQL = "sqlite", "postgresql"
Addresses = Mapping[str, str]  # by what is in the database, as the words of `bench.filling` say


def stocked(folder: Path, contents: Sequence[str]) -> dict[str, Addresses]:
    """New databases of each sort with these contents, all sorts filled at once.

    SQLite's are in `folder`. TEST_DATABASE_URL names a PostgreSQL to use in place of our own.
    """
    server = os.environ.get("TEST_DATABASE_URL", "") or _server()
    empty = {SQLITE: f"sqlite:///{folder}/empty.sqlite3", POSTGRESQL: create(server)}
    words = {name: [url, str(folder), *contents] for name, url in empty.items()}
    return {name: json.loads(said) for name, said in at_once("bench.filling", words).items()}


def _server() -> str:
    """A PostgreSQL of our own: in memory like that of the tests, if there is room for a million."""
    memory = Path("/dev/shm")  # noqa: S108 - the server makes a folder of its own in it
    if not memory.is_dir() or shutil.disk_usage(memory).free < MEMORY_WANTED:
        os.environ.setdefault("TMPDIR", tempfile.gettempdir())
    return postgres.start(os.getpid(), programs())


def copied(url: str, folder: Path) -> str:
    """The address of a copy; nobody may be connected to the original."""
    return clone(url, folder)


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine that has PostGIS, as Debian puts them."""
    found = [
        (int(control.parts[-3]), PROGRAMS / control.parts[-3] / "bin")
        for control in EXTENSIONS.glob("*/extension/postgis.control")
        if control.parts[-3].isdigit()
    ]
    return max(found, default=(0, None))[1]
