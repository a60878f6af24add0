"""A text whose transaction PostgreSQL ends to break a deadlock: it is heard once more, afresh."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, select, text

from core.db import db, writing
from dispatch import answers
from dispatch.models import Incident
from roster.models import Expert
from tests.conftest import ENVIRONMENT
from tests.dispatch.world import World
from tests.faults.waiting import eventually

# Who waits no longer than this is not looked at: it is always the text that has to give way.
AT_ONCE, LATE = (text(f"SET LOCAL deadlock_timeout = '{time}'") for time in ("20ms", "1min"))
HOLDS_REQUEST = "FOR NO KEY UPDATE OF crisis_request"
WAITS = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
MOVES = text("UPDATE expert SET time_zone = 'Asia/Tokyo' WHERE id = :expert")

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """No provider is needed: nothing leaves here."""
    return ENVIRONMENT | {"DATABASE_URL": database_url}


class Opponent:
    """Holds a request, then wants the experts of whoever comes for it; then moves one of them."""

    def __init__(self, connection: Connection, request: int, expert: int) -> None:
        self._connection, self._expert = connection, expert
        self._pool = ThreadPoolExecutor(1)
        self.ends: Future[None] | None = None
        self.came = 0
        connection.execute(LATE)
        self._pid = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.execute(
            text("SELECT FROM crisis_request WHERE id = :id FOR UPDATE"), {"id": request}
        )

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Stands in the way the first time that somebody is about to hold the request."""
        if HOLDS_REQUEST not in statement:
            return
        self.came += 1
        if self.ends is None:
            self.ends = self._pool.submit(self._go_on)
            eventually(self._waits)

    def _go_on(self) -> None:
        self._connection.execute(text("LOCK TABLE expert"))
        self._connection.execute(MOVES, {"expert": self._expert})
        self._connection.commit()

    def _waits(self) -> bool:
        with db.engine.connect() as looking:
            return bool(looking.scalar(WAITS, {"pid": self._pid}))


@contextmanager
def opposed(request: int, expert: int) -> Iterator[Opponent]:
    with db.engine.connect() as connection:
        opponent = Opponent(connection, request, expert)
        event.listen(db.engine, "before_cursor_execute", opponent.note)
        try:
            yield opponent
        finally:
            event.remove(db.engine, "before_cursor_execute", opponent.note)
        assert opponent.ends is not None
        opponent.ends.result(timeout=20)


def test_a_text_that_gave_way_is_heard_again_and_reads_everything_anew(world: World) -> None:
    near, next_one = world.experts(2)
    request, phone, now = world.file(), near.phone, world.now
    with opposed(request.id, near.id) as opponent, writing() as session:
        session.execute(AT_ONCE)
        assert answers.record_reply(session, "SM1", phone, "", "AWAY 2", received_at=now)
    assert opponent.came > 1
    assert world.session.scalars(select(Incident)).all() == []
    assert world.ladder(request) == [(near.name, "withdrawn"), (next_one.name, "open")]
    (absence,) = world.session.get_one(Expert, near.id).absences
    moved = ZoneInfo("Asia/Tokyo")
    back = now.astimezone(moved).date() + timedelta(days=2)
    assert absence.ends_at == datetime.combine(back, time(), moved)
