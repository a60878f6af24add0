"""193 offices file at once, and the provider takes 100 ms for each text: when has the last left?

The limit is what the same machine needs to answer as many requests that do nothing, and then to
hand over as many texts with 64 connections.
"""

import statistics
import sys
import time

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import storm
from bench.first_text import crisis
from bench.processes import Running, port_of
from bench.web_cost import NO_OP
from bench.wire import Request, as_json, ask_all
from core.clock import now
from dispatch.models import Offer
from roster.models import Expert

REQUESTS, CONNECTIONS = 193, 64
RUNS = 20
PATIENCE_S = 60.0


def measure(system: Running, session: Session, token: str, enough_s: float) -> dict[str, float]:
    """Seconds until the last expert's text is at the provider, and what went wrong.

    After `enough_s` seconds no further run begins.
    """
    requests.get(f"{system.sandbox}/delay/100", timeout=10)
    limit = statistics.median(_limit(system) for _ in range(3))
    lasts, wrong, doubled = list[float](), 0, 0
    enough_at = time.monotonic() + enough_s
    while len(lasts) < RUNS and time.monotonic() < enough_at:
        storm.end_everything(now(session))
        last, errors, twice = _run(system, session, token, len(lasts))
        lasts.append(last)
        wrong += errors
        doubled += twice
    storm.end_everything(now(session))
    return {
        "runs": len(lasts),
        "last_s": statistics.median(lasts),
        "spread_s": max(lasts) - min(lasts),
        "limit_s": limit,
        "ratio": max(lasts) / limit,
        "errors": wrong,
        "doubled": doubled,
    }


def _limit(system: Running) -> float:
    text = Request("POST", "/2010-04-01/Accounts/AC1/Messages.json", b"To=limit&Body=x")
    start = time.perf_counter()
    ask_all(port_of(system.web), [NO_OP] * REQUESTS, CONNECTIONS)
    ask_all(port_of(system.sandbox), [text] * REQUESTS, CONNECTIONS)
    return time.perf_counter() - start


def _run(system: Running, session: Session, token: str, run: int) -> tuple[float, int, int]:
    calls = [
        as_json("POST", "/api/v1/crises", crisis(number + 1000 * (run + 1)), token)
        for number in range(REQUESTS)
    ]
    before, start = len(texts(system)), time.time()
    answers = ask_all(port_of(system.web), calls, CONNECTIONS)
    refused = [answer for answer in answers if answer[0] != 201]
    if refused:
        sys.stderr.write(f"… {len(refused)} refused, such as {refused[0]}\n")
    session.rollback()
    asked = session.scalars(select(Expert.phone).join(Offer).where(Offer.status == "open")).all()
    arrived = _wait(system, before, set(asked))
    last = max(at for at, _ in arrived)
    doubled = len(arrived) - len(set(asked)) + len(asked) - len(set(asked))
    return last - start, max(len(refused), REQUESTS - len(asked)), doubled


def texts(system: Running) -> list[tuple[float, str]]:
    """All that the provider has: when it came, and to whom."""
    return [(at, to) for at, to in requests.get(system.sandbox, timeout=10).json()]


def _wait(system: Running, before: int, phones: set[str]) -> list[tuple[float, str]]:
    """What has come for `phones`, as soon as each has something."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        arrived = [one for one in texts(system)[before:] if one[1] in phones]
        if phones <= {to for _, to in arrived}:
            return arrived
        time.sleep(0.2)
    raise TimeoutError("not every offer's text has left")
