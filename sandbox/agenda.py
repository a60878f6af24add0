"""What is to happen later: a heap of actions, run by background threads or on demand.

It knows nothing of messages or calls.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

Action: TypeAlias = Callable[[], None]


class Agenda:
    """Actions with a due time. `clock` gives aware UTC times; `pass_time` moves it forward."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self._heap: list[tuple[datetime, int, Action]] = []
        self._count = itertools.count()
        lock = threading.Lock()
        self._work_came = threading.Condition(lock)
        self._calm_came = threading.Condition(lock)
        self._running = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def now(self) -> datetime:
        """The agenda's time: the clock, and what was passed on top of it."""
        return self._clock() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Move this agenda's clock forward."""
        with self._work_came:
            self._ahead += timedelta(seconds=seconds)
            self._work_came.notify_all()

    def add(self, action: Action, *, in_s: float = 0.0) -> None:
        """Run `action` once, `in_s` seconds from now."""
        with self._work_came:
            due = self.now() + timedelta(seconds=in_s)
            heapq.heappush(self._heap, (due, next(self._count), action))
            self._work_came.notify()

    def run_due(self) -> int:
        """Run here everything that is due, also what that brings about. How many it were."""
        done = 0
        while (action := self._take(wait=False)) is not None:
            self._run(action)
            done += 1
        return done

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing is due and nothing runs; False when that took too long."""
        with self._calm_came:
            return self._calm_came.wait_for(self._is_idle, timeout_s)

    def start(self, threads: int) -> None:
        """Run what falls due in that many background threads."""
        for number in range(threads):
            thread = threading.Thread(target=self._work, name=f"sandbox-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def clear(self) -> None:
        """Forget everything that was to happen."""
        with self._work_came:
            self._heap.clear()
            self._calm_came.notify_all()

    def stop(self) -> None:
        """Forget everything that was to happen and end the background threads."""
        with self._work_came:
            self._stopping = True
            self._work_came.notify_all()
        self.clear()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _is_idle(self) -> bool:
        return not self._running and not self._is_due()

    def _is_due(self) -> bool:
        return bool(self._heap) and self._heap[0][0] <= self.now()

    def _take(self, *, wait: bool) -> Action | None:
        with self._work_came:
            while wait and not self._stopping and not self._is_due():
                self._work_came.wait(self._seconds_to_next())
            if self._stopping or not self._is_due():
                return None
            self._running += 1
            action = heapq.heappop(self._heap)[2]
            if self._is_due():
                self._work_came.notify()
            return action

    def _seconds_to_next(self) -> float | None:
        return (self._heap[0][0] - self.now()).total_seconds() if self._heap else None

    def _run(self, action: Action) -> None:
        try:
            action()
        finally:
            with self._calm_came:
                self._running -= 1
                self._calm_came.notify_all()

    def _work(self) -> None:
        while (action := self._take(wait=True)) is not None:
            self._run(action)
