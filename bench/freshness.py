"""Goal 8: what one process commits is seen by the very next match in another.

`python -m bench.freshness URL` asks; it takes no time, so it is done on all databases at once. The
other process is `bench.toggling`.
"""

import json
import subprocess
import sys
from dataclasses import replace

from sqlalchemy.orm import Session

from bench.filling import opened
from bench.matching import by_directory, needs
from bench.processes import ROOT, plain_environment
from bench.toggling import AWAY, BACK, DONE
from core.db import db
from roster.rules.terms import Need

TOGGLES = 1_000


def measure(session: Session, url: str) -> dict[str, float]:
    """How many of a thousand toggles the next match has seen."""
    command = [sys.executable, "-m", "bench.toggling", url]
    other = subprocess.Popen(
        command, cwd=ROOT, env=plain_environment(url), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    seen = 0
    for need in needs(session, TOGGLES // 2):
        asked = replace(need, languages=frozenset({"en", "fr"}))  # there is always somebody
        first = _match(session, asked)[0]
        _toggle(other, first, AWAY)
        seen += first not in _match(session, asked)
        _toggle(other, first, BACK)
        seen += _match(session, asked)[0] == first
    other.communicate()
    return {"toggles": TOGGLES, "seen": seen}


def _match(session: Session, need: Need) -> list[int]:
    found = by_directory(session, need)
    session.rollback()  # as at the end of a request
    return found


def _toggle(other: subprocess.Popen[str], expert: int, way: str) -> None:
    if other.stdin is None or other.stdout is None:
        raise RuntimeError("the other process has no pipes")
    other.stdin.write(f"{expert} {way}\n")
    other.stdin.flush()
    if other.stdout.readline() != DONE:
        raise RuntimeError("the other process has failed")


if __name__ == "__main__":
    with opened(sys.argv[1]):
        sys.stdout.write(json.dumps(measure(db.session(), sys.argv[1])))
