"""Wakes the workers when a commit leaves them something to do, across processes.

PostgreSQL: NOTIFY inside the transaction, so it arrives with the commit. SQLite: a change of
`PRAGMA data_version`, which every commit of another connection moves.
"""

import sqlite3
import time
from contextlib import suppress
from threading import Event
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from core.db import savepoint_of

CHANNEL = "dispatch"
# Looking each 10 ms costs up to 2% of a core, each 2 ms up to 6%: only while news follows on news.
POLL_S, EAGER_POLL_S, EAGER_FOR_S = 0.01, 0.002, 1.0
WAKE = "wake"
# A listener only ever waits: without these it would never notice that the other side is gone.
KEPT_ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class Waker(Protocol):
    """Waits for news from other processes."""

    def wait(self, timeout_s: float) -> bool:
        """True as soon as there is news; False after `timeout_s` seconds, or when stopped."""

    def close(self) -> None:
        """Lets go of the connection."""


def wake(session: Session) -> None:
    """Wakes the workers when this session's transaction commits."""
    session.info[WAKE] = True


def listen(engine: Engine, stopped: Event) -> Waker:
    """A waker on its own connection to the database of `engine`."""
    if engine.dialect.name == "sqlite":
        return SQLiteWaker(engine, stopped)
    return PostgreSQLWaker(engine, stopped)


class SQLiteWaker:
    """Watches the file's data version."""

    def __init__(self, engine: Engine, stopped: Event) -> None:
        path = engine.url.database or ""
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._stopped = stopped
        self._seen = self._version()
        self._eager_until = time.monotonic() + EAGER_FOR_S

    def wait(self, timeout_s: float) -> bool:
        deadline = (present := time.monotonic()) + timeout_s
        while present < deadline:
            if self._stopped.wait(EAGER_POLL_S if present < self._eager_until else POLL_S):
                break
            version, present = self._version(), time.monotonic()
            if version != self._seen:
                self._seen, self._eager_until = version, present + EAGER_FOR_S
                return True
        return False

    def close(self) -> None:
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


class PostgreSQLWaker:
    """Listens on a channel; after a lost connection it listens anew, and says so by waking.

    Where no server answers at the start, it goes on trying.
    """

    def __init__(self, engine: Engine, stopped: Event) -> None:
        # The dialect knows how to spell several hosts, which a URL does not.
        _, self._address = engine.dialect.create_connect_args(engine.url)
        self._stopped = stopped
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        with suppress(psycopg.OperationalError):
            self._connection = self._listening()

    def wait(self, timeout_s: float) -> bool:
        try:
            if self._connection is None:
                self._connection = self._listening()
                return True
            return bool(list(self._connection.notifies(timeout=timeout_s, stop_after=1)))
        except psycopg.OperationalError:
            self.close()
            self._stopped.wait(min(timeout_s, 1.0))
            return False

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _listening(self) -> psycopg.Connection[tuple[object, ...]]:
        connection: psycopg.Connection[tuple[object, ...]] = psycopg.connect(
            **KEPT_ALIVE, **self._address, autocommit=True
        )
        connection.execute(f"LISTEN {CHANNEL}")
        return connection


@event.listens_for(Session, "before_commit")
def _notify(session: Session) -> None:
    if session.in_nested_transaction():
        return  # only a savepoint is let go
    if session.info.pop(WAKE, False) and session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"NOTIFY {CHANNEL}")


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    # Back to a savepoint, the rest of the transaction still leaves its work.
    if savepoint_of(transaction) is None:
        session.info.pop(WAKE, None)
