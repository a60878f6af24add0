"""Thousands of texts due at once: how fast they leave, what each costs, and how soon the first.

The peer's figures are those of LinkedIn's Iris on such a machine: 251 texts a second, 10 ms of
CPU for each (sender, API and database together), the first text of an incident after 340 ms at
best, and up to 107 of 200 doubled.
"""

import statistics
import time
from collections import Counter
from pathlib import Path

import requests
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import storm
from bench.burst import texts
from bench.processes import Running, cpu_s
from core.clock import now

TEXTS, ALONE = 2_000, 11
FIRST_ID = 10_000_000
PATIENCE_S, REST_S = 60.0, 0.6


def measure(system: Running, session: Session) -> dict[str, float]:
    """Texts a second, milliseconds of CPU for each, and of waiting for one that is alone."""
    requests.get(f"{system.sandbox}/delay/0", timeout=10)
    alone = [_alone(system, session, FIRST_ID + number) for number in range(ALONE)]
    storm.end_everything(now(session))
    before, cpu = len(texts(system)), _cpu_s(system, session)
    storm.leave(TEXTS, now(session), first=FIRST_ID + ALONE)
    start = time.time()
    arrived = _wait(system, before, TEXTS, linger_s=1.0)  # what is doubled comes then
    used = _cpu_s(system, session) - cpu
    storm.end_everything(now(session))
    took = max(at for at, _ in arrived) - min(at for at, _ in arrived)
    return {
        "per_s": len(arrived) / took,
        "cpu_ms": used * 1000 / len(arrived),
        "begun_ms": (min(at for at, _ in arrived) - start) * 1000,
        "first_ms": statistics.median(alone),
        "first_spread_ms": max(alone) - min(alone),
        "doubled": sum(count - 1 for count in Counter(to for _, to in arrived).values()),
    }


def _alone(system: Running, session: Session, number: int) -> float:
    storm.end_everything(now(session))
    time.sleep(REST_S)  # the worker has done what follows a text, and seen this
    before = len(texts(system))
    storm.leave(1, now(session), first=number)
    start = time.time()
    return (_wait(system, before, 1)[0][0] - start) * 1000


def _wait(
    system: Running, before: int, count: int, *, linger_s: float = 0.0
) -> list[tuple[float, str]]:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        arrived = texts(system)[before:]
        if len(arrived) >= count:
            time.sleep(linger_s)
            return texts(system)[before:]
        time.sleep(0.25)
    raise TimeoutError("not every text has left")


def _cpu_s(system: Running, session: Session) -> float:
    """Of the workers, and of the database where it is a server."""
    if session.get_bind().dialect.name == "sqlite":
        return system.work_cpu_s()
    backend = session.scalar(text("SELECT pg_backend_pid()"))
    session.rollback()
    status = Path(f"/proc/{backend}/status").read_text("ascii")
    parent = next(line.split()[1] for line in status.splitlines() if line.startswith("PPid"))
    return system.work_cpu_s() + cpu_s(int(parent))
