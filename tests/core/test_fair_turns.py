"""Between two turns of one line there is a moment in which another process may have its own."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from core.sqlite import Writer

SOON_S = 20


class Line:
    """A line that says when somebody has come to stand in it."""

    def __init__(self) -> None:
        self._lock, self.came = threading.Lock(), threading.Semaphore(0)

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking:
            self.came.release()
        return self._lock.acquire(blocking, timeout)

    def release(self) -> None:
        self._lock.release()


def test_whenever_a_line_passes_the_lock_on_somebody_outside_may_have_it_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one outside asks here just while the one in the line waits, however short that is."""
    connect = partial(
        sqlite3.connect, tmp_path / "turns.sqlite3", timeout=0, isolation_level=None,
        check_same_thread=False,
    )  # fmt: skip
    outside, turns = connect(), []
    first, *others = writers = [connect(factory=Writer) for _ in range(4)]
    line = Line()

    def ask_meanwhile(_seconds: float) -> None:
        outside.execute("BEGIN IMMEDIATE")
        turns.append("outside")
        outside.execute("COMMIT")

    monkeypatch.setattr(time, "sleep", ask_meanwhile)
    first.take(cast("threading.Lock", line))
    assert turns == []  # nobody was in front: there is nothing to wait for
    with ThreadPoolExecutor(len(others)) as pool:
        for writing, waiting in pairwise(writers):
            taken = pool.submit(waiting.take, cast("threading.Lock", line))
            assert line.came.acquire(timeout=SOON_S)
            turns.append("in line")
            writing.commit()
            taken.result(timeout=SOON_S)
    assert turns == ["in line", "outside"] * len(others)
