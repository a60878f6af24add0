"""Real worker processes on the test's database, which end with the test."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.databases import somebody_writes
from tests.faults.waiting import eventually

ROOT = Path(__file__).parents[2]
# Generous: beside a whole run of the tests a worker has a small part of a core to start with.
START_S, END_S = 120.0, 60.0


class WorkerProcess:
    """One `flask dispatch worker`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._database_url = environment["DATABASE_URL"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "dispatch", "worker"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self.complaints: list[str] = []
        self._ready = threading.Event()
        self._readers = [
            threading.Thread(target=self._read, args=(self._process.stdout, self.said)),
            threading.Thread(target=self._read, args=(self._process.stderr, self.complaints)),
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
        self._process.send_signal(signal.SIGTERM)
        return self._wait()

    def freeze(self) -> None:
        """Stops it in its tracks, as a machine does that sleeps, but holding no lock.

        One that sleeps in the middle of a write keeps everybody out until it wakes, on SQLite.
        """
        eventually(self._freeze_at_rest)

    def _freeze_at_rest(self) -> bool:
        self._process.send_signal(signal.SIGSTOP)
        at_rest = not somebody_writes(self._database_url)
        if not at_rest:
            self.thaw()
        return at_rest

    def thaw(self) -> None:
        """Lets it go on."""
        self._process.send_signal(signal.SIGCONT)

    def _wait(self) -> int:
        code = self._process.wait(END_S)
        for reader in self._readers:
            reader.join(END_S)
        return code

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        with stream:
            for line in stream:
                lines.append(line.rstrip())
                if lines is self.said:
                    self._ready.set()

    def end(self) -> None:
        """At the end of a test: nothing is left behind."""
        if self._process.poll() is None:
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
