"""A tick of the worker with a little history, and with a hundred times as much.

Both times as many requests wait for an answer as WIPO has member states, and none is due: with no
open offer at all, PostgreSQL takes any of the three indexes that hold open offers only, since all
are empty.
"""

import statistics
import sys
import time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench import storm
from core.clock import now
from core.db import db
from dispatch import outbox
from dispatch.advance import advance_due
from dispatch.advance.due import is_due
from dispatch.models import CrisisRequest

WAITING = 193
LITTLE, TIMES_MORE = 250, 100
FIRST_WAITING, FIRST_ID = 15_000_000, 20_000_000
TICKS = 60
INDEXES = ("ix_offer_due", "ix_request_wake")


def measure() -> dict[str, float]:
    """Milliseconds of a tick with nothing due, and whether the plan names both indexes."""
    session = db.session()
    storm.leave(WAITING, now(session), first=FIRST_WAITING, waiting=True)
    storm.leave_history(LITTLE, now(session), first=FIRST_ID)
    little, _ = _ticks()
    storm.leave_history(LITTLE * (TIMES_MORE - 1), now(session), first=FIRST_ID + LITTLE)
    much, spread = _ticks()
    looked_at = plan(session)
    index = all(name in looked_at for name in INDEXES)
    if not index:
        sys.stderr.write(f"… another plan of what is due:\n{looked_at}\n")
    return {
        "little_ms": little,
        "p50_ms": much,
        "spread_ms": spread,
        "ratio": much / little,
        "index": float(index),
    }


def plan(session: Session) -> str:
    """How the database looks for what is due."""
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    query = select(CrisisRequest.id).where(is_due(now(session)))
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return "\n".join(str(row) for row in session.execute(text(f"{explain} {sql}")))


def _ticks() -> tuple[float, float]:
    times = []
    for _ in range(TICKS):
        db.session.rollback()
        start = time.perf_counter()
        advance_due(now())
        outbox.send_due(now())
        times.append((time.perf_counter() - start) * 1000)
    times = sorted(times)[: TICKS * 9 // 10]
    return statistics.median(times), times[-1] - times[0]
