"""Databases for tests: SQLite and a real PostgreSQL, migrated once per run, cloned for each test.

One server and one template serve all processes of a run (pytest-xdist). TEST_DATABASE_URL names
a PostgreSQL to use in place of our own; its user must be allowed to create databases.
Knows nothing of what is stored.
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests import postgres

NAME_PREFIX = "iproc_test_"
Migrate = Callable[[str], None]


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def run_owner() -> int:
    """The process whose end is the end of the run: under pytest-xdist the workers' parent."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def postgres_server(shared: Path) -> str:
    """The URL of the run's PostgreSQL server, started by whoever asks first."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(False)
    return once(shared, "postgres-server", lambda: postgres.start(run_owner()))


def postgres_template(shared: Path, migrate: Migrate) -> str:
    """The URL of a PostgreSQL database that `migrate` has been over, made once per run."""

    def make() -> str:
        url = create(postgres_server(shared))
        migrate(url)
        return url

    return once(shared, "postgres-template", make)


def sqlite_template(shared: Path, migrate: Migrate) -> str:
    """The URL of an SQLite database that `migrate` has been over, made once per run.

    `migrate` must close its connections: only the last one to go writes everything into the file.
    """

    def make() -> str:
        url = f"sqlite:///{shared / f'{NAME_PREFIX}template.sqlite3'}"
        migrate(url)
        return url

    return once(shared, "sqlite-template", make)


def clone(template_url: str, folder: Path) -> str:
    """The URL of a new copy of a template; an SQLite file goes to `folder`. Nobody may be in it."""
    template = make_url(template_url)
    if template.drivername.startswith("sqlite"):
        copy = folder / f"{NAME_PREFIX}{secrets.token_hex(4)}.sqlite3"
        shutil.copyfile(template.database or "", copy)
        return f"sqlite:///{copy}"
    return create(template_url, template.database)


def create(server_url: str, template: str | None = None) -> str:
    """The URL of a new PostgreSQL database: empty, or a copy of `template`."""
    name = NAME_PREFIX + secrets.token_hex(8)
    command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        command += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
    with administering(make_url(server_url)) as connection:
        connection.execute(command)
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop(url: str) -> None:
    """Removes a database that `clone` or `create` made; whoever is still in it is thrown out."""
    target = make_url(url)
    if target.drivername.startswith("sqlite"):
        for ending in ("", "-wal", "-shm"):
            Path(f"{target.database}{ending}").unlink(missing_ok=True)
        return
    if not (target.database or "").startswith(NAME_PREFIX):
        raise ValueError(f"{target.database} is no database of a test")
    name = sql.Identifier(target.database or "")
    with administering(target) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def somebody_writes(url: str) -> bool:
    """Whether any process is just now in the middle of a transaction that has written."""
    target = make_url(url)
    if target.drivername.startswith("sqlite"):
        return _is_locked(target.database or "")
    writing = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity"
        " WHERE datname = %s AND backend_xid IS NOT NULL)"
    )
    with administering(target) as connection:
        row = connection.execute(writing, [target.database]).fetchone()
        return bool(row and row[0])


def _is_locked(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def clean_up(shared: Path) -> None:
    """At the end of a run: removes the template from a server that is not ours."""
    note = shared / "postgres-template"
    if os.environ.get("TEST_DATABASE_URL") and note.exists():
        drop(note.read_text(encoding="utf-8"))


@contextmanager
def administering(url: URL) -> Iterator[psycopg.Connection]:
    """A connection to the server's own database, outside any transaction."""
    address = url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as found:
        yield found


def once(shared: Path, name: str, make: Callable[[], str]) -> str:
    """What `make` returned to the first process of the run that asked; it runs only there."""
    note = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(make(), encoding="utf-8")
        return note.read_text(encoding="utf-8")
