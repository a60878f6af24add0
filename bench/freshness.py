"""Goal 8: what one process commits is seen by the very next match in another.

`python -m bench.freshness URL` is the other process: it reads `ID away` or `ID back` from standard
input, commits it the way a page does, and says so. It knows nothing of the match.
"""

import subprocess
import sys
from dataclasses import replace

from sqlalchemy.orm import Session

from bench.filling import opened
from bench.matching import by_directory, needs
from bench.processes import ROOT, plain_environment
from core.clock import now
from core.db import writing
from roster.models import Expert
from roster.registrar.presence import end_absences, set_away
from roster.rules.terms import Need

TOGGLES = 1_000
AWAY, BACK, DONE = "away", "back", "done\n"


def measure(session: Session, url: str) -> dict[str, float]:
    """How many of a thousand toggles the next match has seen."""
    command = [sys.executable, "-m", "bench.freshness", url]
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


def obey(expert: int, way: str) -> None:
    """Commits one toggle."""
    with writing() as session:
        person, moment = session.get_one(Expert, expert), now(session)
        if way == AWAY:
            set_away(session, person, None, actor="bench", now=moment)
        else:
            end_absences(session, person, actor="bench", now=moment)


if __name__ == "__main__":
    with opened(sys.argv[1]):
        for line in sys.stdin:
            number, word = line.split()
            obey(int(number), word)
            sys.stdout.write(DONE)
            sys.stdout.flush()
