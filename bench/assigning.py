"""Sharing experts out among 193 requests that wait at once, against going one by one.

Seeded. The lists are what the roster answers for as many offices; only the solving is timed.
"""

import random
import statistics
import time

from sqlalchemy.orm import Session

from bench.matching import needs
from bench.rosters import SEED
from core.clock import now
from core.db import db
from dispatch.choosing.occupied import busy, load
from dispatch.rules.assignment import Ask, assign, one_by_one
from roster.directory.order import nearest

REQUESTS = 193  # as many as WIPO has member states
TIMES = 15


def measure() -> dict[str, float]:
    """Milliseconds to solve on the present database, and how many more are served."""
    asks = waiting(db.session())
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        shares = assign(asks)
        times.append((time.perf_counter() - start) * 1000)
    served = sum(map(len, shares.given.values()))
    plain = one_by_one(sorted(asks, key=lambda ask: (ask.severity, ask.request)))
    alone = sum(map(len, plain.given.values()))
    return {
        "p50_ms": statistics.median(times),
        "spread_ms": max(times) - min(times),
        "served": served,
        "one_by_one": alone,
        "more": served / alone,
    }


def waiting(session: Session) -> list[Ask]:
    """193 requests at random offices, of all severities, each with its own nearest list."""
    chance = random.Random(SEED)
    asks = []
    for number, need in enumerate(needs(session, REQUESTS), 1):
        # As many as there are requests: such a list always suffices.
        found = nearest(session, need, now(session), REQUESTS, busy=busy(), load=load())
        ids, km = [one.id for one in found], [one.distance_km for one in found]
        asks.append(Ask(number, chance.randint(1, 4), 1, ids, km))
    return asks
