"""Child processes never outlive the launcher, however they and it end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from scripts import children
from tests.processes import wait_for_end

ROOT = Path(__file__).parents[2]
# A child that starts a grandchild, says both their numbers, and waits.
FAMILY = """
import os, subprocess, sys
other = subprocess.Popen(["sleep", "600"])
print(os.getpid(), other.pid, flush=True)
other.wait()
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FAMILY
LAUNCHER = f"""
import sys
from pathlib import Path
from scripts import children
log = Path(sys.argv[1])
children.start("family", [sys.executable, "-c", {FAMILY!r}], {{}}, log.parent, log)
sys.stdin.read()
"""


def start(tmp_path: Path, program: str) -> children.Child:
    environment = {"PATH": os.environ["PATH"]}
    log = tmp_path / "child.log"
    return children.start("child", [sys.executable, "-c", program], environment, tmp_path, log)


def read_numbers(log: Path) -> list[int]:
    """The process numbers that the child has written."""
    while not log.exists() or not log.read_text().endswith("\n"):
        os.sched_yield()
    return [int(word) for word in log.read_text().split()]


def test_ending_a_child_ends_what_it_started(tmp_path: Path) -> None:
    child = start(tmp_path, FAMILY)
    numbers = read_numbers(child.log)
    children.end([child])
    for number in numbers:
        wait_for_end(number)


def test_a_child_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    child = start(tmp_path, DEAF)
    numbers = read_numbers(child.log)
    children.end([child], gentle_s=0.2)
    assert child.process.returncode == -signal.SIGKILL
    for number in numbers:
        wait_for_end(number)


def test_a_child_ends_with_a_killed_launcher(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(log)], cwd=ROOT, stdin=subprocess.PIPE
    )
    with launcher:
        child, grandchild = read_numbers(log)
        launcher.kill()
    wait_for_end(child)
    os.kill(grandchild, signal.SIGKILL)  # it was the child's to end; ours end theirs


def test_the_last_words_of_a_child_are_kept(tmp_path: Path) -> None:
    child = start(tmp_path, "print('one\\ntwo\\nthree')")
    child.process.wait()
    assert child.last_words(2) == "two\nthree"
