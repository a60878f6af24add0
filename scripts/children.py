"""Child processes that never outlive their parent: started in groups of their own, watched, ended.

Knows nothing of what they do.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
GENTLE_S = 10.0
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A running process and the file that its words go to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self, lines: int = 8) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> Child:
    """Starts `command` in `folder` and in a process group of its own.

    On Linux the kernel tells it to stop when we end, however we end.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=_stop_with_parent,  # noqa: PLW1509 - we have one thread
        )
    return Child(name, process, log)


def end(children: Sequence[Child], gentle_s: float = GENTLE_S) -> None:
    """Asks all of them to stop, with all that they have started; insists after `gentle_s`."""
    for child in children:
        _tell(child, signal.SIGTERM)
    give_up_at = time.monotonic() + gentle_s
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, give_up_at - time.monotonic()))
    for child in children:
        _tell(child, signal.SIGKILL)  # also what its end may have left behind in its group
        child.process.wait()


def _tell(child: Child, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)


def _stop_with_parent() -> None:
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
