"""From filing a crisis to its first text at the provider: real processes, real HTTP.

The anchor is what nobody can do without: a POST to the same API that leads nowhere, and a bare
round trip to the sandbox.
"""

import random
import statistics
import subprocess
import threading
import time
from functools import cache
from typing import Any

import requests

from bench.processes import BIN, ROOT, Running, running
from bench.rosters import SEED
from core.reference.shipped import offices

FILINGS = 30
CALLER = "focal@bench.example"


def measure(environment: dict[str, str], token: str) -> dict[str, float]:
    """Milliseconds from POST to the text at the sandbox; the database holds a roster already."""
    with running(environment) as system, requests.Session() as web:
        web.headers["Authorization"] = f"Bearer {token}"
        _file(system, web, 0)  # the first one pays for connections and caches
        texts = sorted(_file(system, web, number) for number in range(1, FILINGS + 1))
        bare = statistics.median(_bare(system, web) for _ in range(FILINGS))
    return {
        "p50_ms": statistics.median(texts),
        "p95_ms": texts[int(len(texts) * 0.95)],
        "bare_ms": bare,
        "ratio": statistics.median(texts) / bare,
        "ratio_p95": texts[int(len(texts) * 0.95)] / bare,
    }


def focal_point(environment: dict[str, str]) -> str:
    """The token of somebody who may file for every office."""
    flask = str(BIN / "flask")
    person = ["--email", CALLER, "--role", "duty_officer", "--password-stdin"]
    subprocess.run(
        [flask, "users", "create", *person],
        cwd=ROOT, env=environment, input="a-long-and-odd-pass-phrase-27", text=True, check=True,
        capture_output=True,
    )  # fmt: skip
    made = subprocess.run(
        [flask, "tokens", "create", "--email", CALLER],
        cwd=ROOT, env=environment, text=True, check=True, capture_output=True,
    )  # fmt: skip
    return made.stdout.strip().splitlines()[-1]


def _file(system: Running, web: requests.Session, number: int) -> float:
    arrived: list[float] = []
    newest = requests.get(f"{system.sandbox}/sandbox/api/health", timeout=5).json()["messages"]
    waiting = threading.Thread(target=_wait_for_text, args=(system, newest, arrived))
    waiting.start()
    start = time.perf_counter()
    filed = web.post(f"{system.web}/api/v1/crises", json=crisis(number), timeout=10)
    filed.raise_for_status()
    waiting.join()
    ref = filed.json()["ref"]
    cancel = f"{system.web}/api/v1/crises/{ref}/cancel"
    web.post(cancel, json={"reason": "measured"}, timeout=10).raise_for_status()
    return (arrived[0] - start) * 1000


def _wait_for_text(system: Running, after: int, arrived: list[float]) -> None:
    # The first text with a code in it, to whatever phone, when the long poll returns. Other texts
    # may still be under way from the filing before.
    while not arrived:
        answer = requests.get(
            f"{system.sandbox}/sandbox/api/messages",
            params={"after": str(after), "wait_s": "20"},
            timeout=30,
        )
        moment, heard = time.perf_counter(), answer.json()
        after = heard["cursor"]
        if any(text["code"] for text in heard["messages"]):
            arrived.append(moment)


def crisis(number: int) -> dict[str, Any]:
    """The report of the `number`th filing: each of the 200 offices has its turn."""
    codes = _codes()
    return {
        "office": codes[number % len(codes)],
        "kind": "CYB",
        "severity": 1,
        "summary": f"Measured filing {number}",
    }


@cache
def _codes() -> list[str]:
    """The codes of all offices, in no order that means anything."""
    codes = sorted(office["code"] for office in offices())
    return random.Random(SEED).sample(codes, len(codes))


def _bare(system: Running, web: requests.Session) -> float:
    start = time.perf_counter()
    web.post(f"{system.web}/api/v1/nowhere", json=crisis(0), timeout=5)
    web.get(f"{system.sandbox}/sandbox/api/health", timeout=5)
    return (time.perf_counter() - start) * 1000
