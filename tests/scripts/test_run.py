"""`make run` starts everything, says how to get in, and leaves nothing behind."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.processes import wait_for_end

ROOT = Path(__file__).parents[2]
START_WITHIN_S = 230.0  # 11 s of CPU, which a busy machine may take minutes to give


class Run:
    """A demonstration started as `make run` does, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "scripts.run", "--instance", str(folder)]
        self.port = free_pair()
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], cwd=ROOT, stdout=subprocess.PIPE
        )

    def read_until(self, words: str) -> str:
        """All that was printed, as soon as `words` are among it."""
        assert self.process.stdout is not None
        said, give_up_at = "", time.monotonic() + START_WITHIN_S
        while words not in said:
            left = give_up_at - time.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, left))
            assert ready, f"not said in time: {words}; but: {said}"
            piece = os.read(self.process.stdout.fileno(), 4096)
            assert piece, f"ended without saying: {words}; but: {said}"
            said += piece.decode()
        return said

    def family(self) -> list[int]:
        """The processes that it has started."""
        process = self.process.pid
        children = Path(f"/proc/{process}/task/{process}/children")
        return [int(word) for word in children.read_text().split()]


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all of them: empty at the first start, and then as the last one left it."""
    return tmp_path_factory.mktemp("run") / "instance"


@pytest.fixture
def run(instance: Path) -> Iterator[Run]:
    run = Run(instance)
    yield run
    run.process.kill()
    run.process.communicate()


def free_pair() -> int:
    """A port that is free, as is the next."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                other.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def read(url: str) -> str:
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.text


@pytest.mark.timeout(500)
def test_everything_starts_answers_and_ends_with_ctrl_c(run: Run) -> None:
    said = run.read_until("Ctrl-C stops everything")
    assert re.search(r"duty@\S+ +duty officer +\S+", said)
    site, phones = re.findall(r"http://localhost:\d+/(?=\n)", said)[:1] + re.findall(
        r"Phones and mails +(\S+)", said
    )
    assert "IP-ROC Dispatch" in read(site)
    assert "+1" in read(phones)
    family = run.family()
    assert len(family) == 3
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(30) == 0
    for process in family:
        wait_for_end(process, within_s=30.0)
    assert free_again(run.port)
    assert free_again(run.port + 1)


@pytest.mark.timeout(500)
def test_when_one_part_dies_all_stop_and_say_why(run: Run) -> None:
    run.read_until("Ctrl-C stops everything")
    worker = next(process for process in run.family() if "dispatch worker" in command_of(process))
    os.kill(worker, signal.SIGKILL)
    said = run.read_until("The worker has stopped (exit code -9)")
    assert "everything else stops" in said
    assert run.process.wait(30) == 1
    assert free_again(run.port)


@pytest.mark.timeout(500)
def test_nothing_outlives_a_launcher_that_was_killed(run: Run) -> None:
    run.read_until("Ctrl-C stops everything")
    family = run.family()
    run.process.kill()
    for process in family:
        wait_for_end(process, within_s=30.0)
    assert free_again(run.port)


def command_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


def free_again(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0
