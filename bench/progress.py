"""Tells whoever waits how far it is: on standard error, with the time since the start.

Processes that are started from here count from the same moment.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

BEGAN = float(os.environ.setdefault("BENCH_BEGAN", str(time.time())))


def since_start() -> float:
    """Seconds since the run began."""
    return time.time() - BEGAN


def say(text: str) -> None:
    """One line, such as ` 3:07  sqlite: 10,000 people`."""
    minutes, seconds = divmod(int(since_start()), 60)
    sys.stderr.write(f"{minutes:3}:{seconds:02}  {text}\n")
    sys.stderr.flush()


@contextmanager
def part(name: str, took: dict[str, float]) -> Iterator[None]:
    """Announces a part of the run, and notes in `took` how many seconds it was."""
    say(f"{name} …")
    start = time.monotonic()
    yield
    took[name] = round(time.monotonic() - start, 1)
