"""Starts the real web server, worker and sandbox on free ports of this machine, and stops them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE_S = 30.0
QUIET: dict[str, Any] = {
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
}  # each request is logged


@dataclass(frozen=True)
class Running:
    """Where the parts answer; `environment` is theirs, for more commands."""

    web: str
    sandbox: str
    environment: dict[str, str]
    pids: tuple[int, ...]  # of the provider, the web server, and the workers

    def web_cpu_s(self) -> float:
        """Seconds of a core that the web server has used."""
        return cpu_s(self.pids[1])

    def work_cpu_s(self) -> float:
        """The same of the workers."""
        return sum(cpu_s(pid) for pid in self.pids[2:])


@contextmanager
def running(
    environment: dict[str, str], *, workers: int = 1, provider: Sequence[str] = ()
) -> Iterator[Running]:
    """The whole system on the database of `environment`, gone at the end of the block.

    `provider`: a module and its arguments, run instead of the sandbox, with --port.
    """
    web_port, sandbox_port = free_port(), free_port()
    web, sandbox = f"http://127.0.0.1:{web_port}", f"http://127.0.0.1:{sandbox_port}"
    environment = environment | {"PUBLIC_URL": web, "TWILIO_API_URL": sandbox}
    bind = ("--bind", f"127.0.0.1:{web_port}", "--log-level", "warning")
    provider = provider or ("sandbox", "--app-url", web)
    commands = [
        [sys.executable, "-m", *provider, "--port", str(sandbox_port)],
        [str(BIN / "gunicorn"), *bind, "wsgi:create_app()"],
        *([str(BIN / "flask"), "dispatch", "worker"] for _ in range(workers)),
    ]
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment, **QUIET) for command in commands
    ]
    try:
        for url in (f"{sandbox}/", f"{web}/readyz"):
            wait_for(url)
        yield Running(web, sandbox, environment, tuple(child.pid for child in children))
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(PATIENCE_S)


def wait_for(url: str) -> None:
    """Returns when `url` answers 200. Raises TimeoutError after half a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer")


def cpu_s(pid: int) -> float:
    """Seconds of a core that a process and all below it have used so far (Linux, proc(5))."""
    try:
        mine = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has just ended, and its parent has the bill, now or with the next look
    ticks = sum(int(field) for field in mine[11:15])  # our own, and of children that have ended
    return ticks / os.sysconf("SC_CLK_TCK") + sum(cpu_s(int(child)) for child in below)


def port_of(url: str) -> int:
    """The port of an address that `running` gave."""
    return int(url.rpartition(":")[2])


def free_port() -> int:
    """A port of loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environment(database_url: str) -> dict[str, str]:
    """Settings for a system that is measured: real ones, but on this machine alone."""
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "bench-" + "k" * 40,
        "TOTP_SECRET": "bench-" + "t" * 40,
        "DATABASE_URL": database_url,
        "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
        "TWILIO_AUTH_TOKEN": "bench-auth-token",
        "TWILIO_SENDER": "+15005550006",
        "PUBLIC_URL": "http://localhost",  # until it runs
        "TWILIO_API_URL": "http://127.0.0.1:9",
    }
