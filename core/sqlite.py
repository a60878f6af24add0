"""Makes SQLite a database for many writers: settings, and its one write lock taken in turn.

SQLite itself waits for that lock by sleeping, longer each time, up to a tenth of a second: of eight
threads seven would sleep while nobody writes. Here the threads of a process stand in line, so that
only the first of them asks the database, each millisecond or so, and is followed at once. Processes
ask as often as each other, and a thread that had to stand in line pauses before it asks: so a web
process whose threads queue does not keep the worker out. A lone writer does not pause; one thread
that writes in a loop leaves other processes the gap between two of its transactions, and no more.
Knows nothing of what is stored.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from random import random
from threading import Lock
from typing import cast

from sqlalchemy import Engine, PoolProxiedConnection, event

BUSY_S = 20.0
BUSY_TIMEOUT = f"busy_timeout={BUSY_S * 1000:.0f}"
ASK_AGAIN_S = 0.001  # at most; half of it on average
SETTINGS = (
    BUSY_TIMEOUT,
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "mmap_size=2147418112",  # bytes of the file that are read in place, at most
    "secure_delete=ON",  # what was erased is not left in freed pages
)


_immediate: ContextVar[bool] = ContextVar("immediate", default=False)


@contextmanager
def immediate() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once (no effect on PostgreSQL)."""
    token = _immediate.set(True)
    try:
        yield
    finally:
        _immediate.reset(token)


class Writer(sqlite3.Connection):
    """A connection that leaves the line as soon as its transaction has ended, however it ends."""

    line: "Lock | None" = None  # while it is our turn

    def commit(self) -> None:
        """Ends the transaction, and the turn."""
        super().commit()
        self.leave()

    def rollback(self) -> None:
        """Ends the transaction, and the turn."""
        try:
            super().rollback()
        finally:
            self.leave()

    def close(self) -> None:
        """Ends everything: what was not committed is gone."""
        try:
            super().close()
        finally:
            self.leave()

    def __del__(self) -> None:
        # Who forgets to close it must not keep all others waiting.
        self.leave()

    def take(self, line: Lock) -> None:
        """Waits for its turn in `line`, then for the write lock; raises sqlite3.OperationalError.

        With "database is locked" after BUSY_S seconds, as SQLite itself would.
        """
        give_up_at = time.monotonic() + BUSY_S
        at_once = line.acquire(blocking=False)
        if not at_once and not line.acquire(timeout=BUSY_S):
            raise sqlite3.OperationalError("database is locked")
        self.line = line
        try:
            self._take_lock(give_up_at, at_once=at_once)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Lets the next one have its turn; nothing when it is not ours."""
        line, self.line = self.line, None
        if line is not None:
            line.release()

    def _take_lock(self, give_up_at: float, *, at_once: bool) -> None:
        self.execute("PRAGMA busy_timeout=0")
        try:
            if not at_once:
                time.sleep(ASK_AGAIN_S * random())  # other processes have their chance
            while not self._has_lock(give_up_at):
                time.sleep(ASK_AGAIN_S * random())
        finally:
            self.execute(f"PRAGMA {BUSY_TIMEOUT}")

    def _has_lock(self, give_up_at: float) -> bool:
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up_at:
                raise
            return False
        return True


def prepare(engine: Engine) -> None:
    """Sets up all connections of `engine`, which must be made by `Writer`."""
    event.listen(engine, "connect", _set_up)
    # SQLAlchemy has an event for this, too, but an engine that anybody listens to asks around four
    # times with each statement: a quarter of what a short one costs.
    vars(engine.dialect).update(do_begin=partial(_begin, Lock()))


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin(line: Lock, connection: PoolProxiedConnection) -> None:
    # A deferred transaction that turns writer half-way fails with "locked"; an immediate one waits.
    writer = cast("Writer", connection.driver_connection)
    if _immediate.get():
        writer.take(line)
    else:
        writer.execute("BEGIN")
