"""Tells a process that works until it is told to stop that this is the moment.

A signal's handler runs in the main thread between any two steps of it, and so must take no lock: in
the middle of `Event.wait`, `Event.set` would wait for the very lock that the main thread holds, and
the process would go on for good.
"""

import signal
from queue import SimpleQueue
from threading import Event, Thread


def stop_on_signals(stopped: Event) -> None:
    """Has SIGTERM and Ctrl-C set `stopped`. Only the main thread may call it."""
    told: SimpleQueue[int] = SimpleQueue()  # alone of its kind it may be put to from a handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(number))
    Thread(target=_pass_on, args=(told, stopped), name="stopping", daemon=True).start()


def _pass_on(told: "SimpleQueue[int]", stopped: Event) -> None:
    told.get()
    stopped.set()
