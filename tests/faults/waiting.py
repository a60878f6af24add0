"""Waits for what other processes do, without a pause that is longer than it must be."""

import threading
import time
from collections.abc import Callable

SOON_S = 60.0
LOOK_S = 0.02


def eventually(seen: Callable[[], bool], within_s: float = SOON_S) -> None:
    """Looks again until `seen` is true; AssertionError when that takes too long."""
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not seen():
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within_s} s")
        pause.wait(LOOK_S)
