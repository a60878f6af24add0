"""Real worker processes on the test's database, which end with the test."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from flask.cli import main

from tests.databases import somebody_writes
from tests.faults.waiting import eventually

ROOT = Path(__file__).parents[2]
# Generous: beside a whole run of the tests a worker has a small part of a core to start with.
START_S, END_S = 120.0, 60.0
# A process that has imported everything, of which each worker is a fork: most of a start is that.
nursery = multiprocessing.get_context("forkserver")
nursery.set_forkserver_preload(["wsgi", __name__])


def work(environment: Mapping[str, str], said: Connection, complaints: Connection) -> None:
    """`flask dispatch worker`, in a process of its own that has this environment and no other."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    os.dup2(said.fileno(), sys.stdout.fileno())
    os.dup2(complaints.fileno(), sys.stderr.fileno())
    sys.argv = ["flask", "--app", "wsgi", "dispatch", "worker"]
    main()


class WorkerProcess:
    """One `flask dispatch worker`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._database_url = environment["DATABASE_URL"]
        self.said: list[str] = []
        self.complaints: list[str] = []
        self._ready = threading.Event()
        (said, says), (complaints, complains) = (nursery.Pipe(duplex=False) for _ in range(2))
        mine = {"PATH": os.environ["PATH"], **environment}
        self._process = nursery.Process(target=work, args=(mine, says, complains))
        self._process.start()
        says.close()
        complains.close()
        self._readers = [
            threading.Thread(target=self._read, args=(said, self.said)),
            threading.Thread(target=self._read, args=(complaints, self.complaints)),
        ]
        for reader in self._readers:
            reader.start()

    def wait_until_it_works(self) -> None:
        """Returns when it has said its first line."""
        if not self._ready.wait(START_S):
            raise AssertionError(f"the worker did not start: {self.complaints}")

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self._process.kill()
        self._wait()

    def stop(self) -> int:
        """Asks it to end, and returns its exit code."""
        self._send(signal.SIGTERM)
        return self._wait()

    def freeze(self) -> None:
        """Stops it in its tracks, as a machine does that sleeps, but holding no lock.

        One that sleeps in the middle of a write keeps everybody out until it wakes, on SQLite.
        """
        eventually(self._freeze_at_rest)

    def _freeze_at_rest(self) -> bool:
        self._send(signal.SIGSTOP)
        at_rest = not somebody_writes(self._database_url)
        if not at_rest:
            self.thaw()
        return at_rest

    def thaw(self) -> None:
        """Lets it go on."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def _wait(self) -> int:
        self._process.join(END_S)
        code = self._process.exitcode
        assert code is not None, f"the worker did not end: {self.said}, {self.complaints}"
        for reader in self._readers:
            reader.join(END_S)
        return code

    def _read(self, end: Connection, lines: list[str]) -> None:
        with end, open(end.fileno(), closefd=False, encoding="utf-8") as stream:
            for line in stream:
                lines.append(line.rstrip())
                if lines is self.said:
                    self._ready.set()

    def end(self) -> None:
        """At the end of a test: nothing is left behind."""
        if self._process.is_alive():
            self.thaw()
            self._process.kill()
        self._wait()


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[WorkerProcess]:
    """A worker that has started; gone at the end of the block."""
    process = WorkerProcess(environment)
    try:
        process.wait_until_it_works()
        yield process
    finally:
        process.end()
