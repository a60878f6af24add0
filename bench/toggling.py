"""The other process of goal 8: `python -m bench.toggling URL` sends experts away, and back.

It reads `ID away` or `ID back` from standard input, commits it the way a page does, and says so.
Knows nothing of the match.
"""

import sys

from bench.filling import opened
from core.clock import now
from core.db import writing
from roster.models import Expert
from roster.registrar.presence import end_absences, set_away

AWAY, BACK, DONE = "away", "back", "done\n"


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
