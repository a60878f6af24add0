"""The threads of this process that wait for the provider, and their results; no database here."""

import logging
import queue
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from dispatch.channels.handover import Lost, NotReached, Outgoing, Result

log = logging.getLogger(__name__)
# A claim that is older than this when its turn comes is not sent any more: the machine slept, and
# somebody else may have looked after it meanwhile (see reconcile).
LATEST_S = 15.0

Call = Callable[[Outgoing], Result]


@dataclass(frozen=True)
class Moment:
    """A moment on this machine's two clocks."""

    wall: float = field(default_factory=time.time)
    monotonic: float = field(default_factory=time.monotonic)

    def age_s(self) -> float:
        """Seconds since: the longer of both, as one clock stands still while the machine sleeps."""
        return max(time.time() - self.wall, time.monotonic() - self.monotonic)


class Line:
    """At most `size` calls at once. Results come out in the order in which they became known."""

    def __init__(self, call: Call, size: int) -> None:
        self._call = call
        self._size = size
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="send")
        self._results: queue.SimpleQueue[tuple[Outgoing, Result]] = queue.SimpleQueue()
        self._busy = 0
        self._finishing = False

    @property
    def room(self) -> int:
        """How many more calls may begin at once. A claim never waits for a thread."""
        return 0 if self._finishing else self._size - self._busy

    @property
    def busy(self) -> bool:
        """Whether any result is still to come."""
        return self._busy > 0

    def begin(self, outgoing: Outgoing, since: Moment) -> None:
        """Calls the provider in a thread of its own. `since`: a moment before the claim."""
        self._busy += 1
        future = self._pool.submit(self._call_in_time, outgoing, since)
        future.add_done_callback(lambda done: self._results.put((outgoing, _result_of(done))))

    def results(self, timeout_s: float) -> list[tuple[Outgoing, Result]]:
        """What becomes known within `timeout_s` seconds, to be stored together.

        Sooner when nothing is under way any more, or half of the threads are free again.
        """
        found: list[tuple[Outgoing, Result]] = []
        enough, until = min(self._busy, (self._size + 1) // 2), time.monotonic() + timeout_s
        with suppress(queue.Empty):
            while len(found) < enough:
                found.append(self._results.get(timeout=max(0.0, until - time.monotonic())))
            while True:
                found.append(self._results.get_nowait())
        self._busy -= len(found)
        return found

    def finish(self) -> None:
        """From now on no call begins; those under way come to their end."""
        self._finishing = True

    def close(self) -> None:
        """Waits for the calls that are under way, and ends the threads."""
        self._pool.shutdown(wait=True)

    def _call_in_time(self, outgoing: Outgoing, since: Moment) -> Result:
        return self._call(outgoing) if since.age_s() < LATEST_S else NotReached("too late")


def _result_of(done: "Future[Result]") -> Result:
    error = done.exception()
    if error is None:
        return done.result()
    log.error("a channel failed", exc_info=error)
    return Lost(type(error).__name__)
