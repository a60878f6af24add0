"""Starts the real web server, worker and sandbox on free ports of this machine, and stops them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PATIENCE_S = 30.0
WEB = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--no-control-socket")


@dataclass(frozen=True)
class Running:
    """Where the parts answer; `environment` is theirs, for more commands."""

    web: str
    sandbox: str
    environment: dict[str, str]


@contextmanager
def running(environment: dict[str, str], *, workers: int = 1) -> Iterator[Running]:
    """The whole system on the database of `environment`, gone at the end of the block."""
    web_port, sandbox_port = free_port(), free_port()
    web, sandbox = f"http://127.0.0.1:{web_port}", f"http://127.0.0.1:{sandbox_port}"
    environment = environment | {"PUBLIC_URL": web, "TWILIO_API_URL": sandbox}
    bind = ("--bind", f"127.0.0.1:{web_port}", "--log-level", "warning")
    commands = [
        [sys.executable, "-m", "sandbox", "--port", str(sandbox_port), "--app-url", web],
        [str(BIN / "gunicorn"), *WEB, *bind, "wsgi:create_app()"],
        *([str(BIN / "flask"), "dispatch", "worker"] for _ in range(workers)),
    ]
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        for url in (f"{sandbox}/", f"{web}/readyz"):
            wait_for(url)
        yield Running(web, sandbox, environment)
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
