"""What a demonstration runs on: folder, ports and settings, secrets of its own included.

Settings of the surrounding environment are left out: a demonstration must not meet real data.
"""

import fcntl
import os
import secrets
import shlex
import socket
import sys
from dataclasses import fields
from pathlib import Path
from typing import IO

from core.settings import Settings

DEFAULT_PORT = 5000
STEP = 10
LAST_PORT = 5090


class CannotRunError(Exception):
    """Why the demonstration cannot run; its text says what to do."""


def choose_port(given: str) -> int:
    """The port of the web, that of the sandbox being the next one; both are free just now.

    Raises CannotRunError when the given port is not usable or taken, or none is free.
    """
    if not given:
        for port in range(DEFAULT_PORT, LAST_PORT + 1, STEP):
            if is_free(port) and is_free(port + 1):
                return port
        raise CannotRunError("No pair of free ports was found. Choose one: make run PORT=8000")
    if not given.isdecimal() or not 1 <= int(given) <= 65534:
        raise CannotRunError(f"PORT must be a number from 1 to 65534; it is {given!r}.")
    for port in (int(given), int(given) + 1):
        if not is_free(port):
            raise CannotRunError(f"Port {port} is taken. Choose another: make run PORT=8000")
    return int(given)


def is_free(port: int) -> bool:
    """Whether nobody listens on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def claim(folder: Path) -> IO[str]:
    """Holds `folder` for this process as long as the returned file is open.

    Raises CannotRunError when another process holds it.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = (folder / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotRunError("It is running already in this folder. Stop that one first.") from None
    return lock


def environment(folder: Path, port: int) -> dict[str, str]:
    """The environment of all processes of the demonstration in `folder`, the web on `port`."""
    ours = {field.name.upper() for field in fields(Settings)}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("FLASK_", "GUNICORN_", "PYTHON"))
    }
    return (
        kept
        | read_secrets(folder / "demo.env")
        | {
            "DEMO": "1",
            "PUBLIC_URL": f"http://localhost:{port}",
            "TWILIO_API_URL": f"http://127.0.0.1:{port + 1}",
            "DATABASE_URL": f"sqlite:///{folder / 'iproc-dispatch.sqlite3'}",
            "UPLOADS": str(folder / "uploads"),
            "ANTIVIRUS": f"{shlex.quote(sys.executable)} -m sandbox.antivirus",
            "FLASK_APP": "wsgi",
            "FLASK_SKIP_DOTENV": "1",
            "NO_PROXY": "localhost,127.0.0.1",
            "no_proxy": "localhost,127.0.0.1",
            "PYTHONUNBUFFERED": "1",
        }
    )


def read_secrets(path: Path) -> dict[str, str]:
    """The secrets of this demonstration, made at its first start, readable by its owner alone."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOTP_SECRET": secrets.token_urlsafe(48),
            "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        }
        lines = "".join(f"{name}={value}\n" for name, value in made.items())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(lines)
    rows = path.read_text(encoding="utf-8").splitlines()
    return dict(row.split("=", 1) for row in rows if "=" in row)
