"""PostgreSQL's driver as SQLAlchemy needs it: without work that nobody looks at.

Knows nothing of what is stored.
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

# A request takes a connection several times, one transaction after the other.
RESTED_S = 0.05
RESTS_SINCE = "rests_since"


class Columns(Sequence[psycopg.Column]):
    """The columns of the present result of a cursor, each described when it is looked at."""

    def __init__(self, cursor: psycopg.Cursor[Any], count: int) -> None:
        self._cursor, self._count = cursor, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        which = range(self._count)[place]
        if isinstance(which, int):
            return psycopg.Column(self._cursor, which)
        return [psycopg.Column(self._cursor, each) for each in which]


class Cursor(psycopg.Cursor[Any]):
    """The driver's own, but lazy with descriptions.

    SQLAlchemy asks each result for its description, to see whether there are rows, and reads it
    once for each statement that it has compiled. The driver describes all columns each time they
    are asked for: a third of what a statement costs that reads a case.
    """

    @property
    def description(self) -> Any:
        count = self.pgresult.nfields if self.pgresult else 0
        return Columns(self, count) if count else super().description


def prepare(engine: Engine, rested_s: float = RESTED_S) -> None:
    """Asks the server whether it is still there before a connection is used that has rested.

    What SQLAlchemy calls a pre-ping, but for who was let go less than `rested_s` seconds ago: a
    server that goes away between two transactions of a request could as well do so in one of them.
    """
    event.listen(engine, "checkin", _begin_rest)
    event.listen(engine, "checkout", partial(_ask_who_rested, engine, rested_s))


def _begin_rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[RESTS_SINCE] = time.monotonic()


def _ask_who_rested(
    engine: Engine,
    rested_s: float,
    connection: DBAPIConnection,
    entry: ConnectionPoolEntry,
    _lent: PoolProxiedConnection,
) -> None:
    rests_since = entry.info.get(RESTS_SINCE)
    if rests_since is None or time.monotonic() - rests_since < rested_s:
        return
    try:
        engine.dialect.do_ping(connection)
    except psycopg.Error as fault:
        raise InvalidatePoolError from fault  # the pool makes new ones, all of them
