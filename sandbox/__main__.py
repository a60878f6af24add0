"""`python -m sandbox`: runs the sandbox on loopback until it is told to stop."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue

from sandbox.app import create_sandbox
from sandbox.config import (
    DEMO_ACCOUNT_SID,
    DEMO_AUTH_TOKEN,
    DEMO_SENDER,
    SandboxConfig,
    UnsafeConfigError,
)
from sandbox.server import HOST, SandboxServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT, or (with --with-parent) the end of the parent process.

    0 after a clean end, 2 when something is refused.
    """
    given = _parser().parse_args(arguments)
    parent = os.getppid() if given.with_parent else None
    if given.host not in {HOST, "localhost"}:
        return _refuse(f"The sandbox runs on {HOST} only, not on {given.host}.")
    try:
        config = SandboxConfig(
            account_sid=given.account_sid,
            auth_token=given.auth_token,
            # A messaging service is no number that a phone could write to.
            sender=DEMO_SENDER if given.sender.startswith("MG") else given.sender,
            sms_url=given.app_url.rstrip("/") + "/twilio/sms",
            step_s=given.step_seconds,
        )
        server = SandboxServer(create_sandbox(config), given.port)
    except (UnsafeConfigError, OSError) as error:
        return _refuse(str(error))
    told: SimpleQueue[int] = SimpleQueue()  # an Event's lock could be ours when the signal comes
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(number))
    with server:
        sys.stdout.write(f"Sandbox: phones and mails at http://localhost:{server.port}/\n")
        sys.stdout.flush()
        _wait(told, parent)
    return 0


def _wait(told: "SimpleQueue[int]", parent: int | None) -> None:
    """Until told to stop; with a parent, also when it is gone (looked at each second)."""
    while parent is None or os.getppid() == parent:
        with suppress(Empty):
            told.get(timeout=1.0)
            return


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=5001)
    parser.add_argument("--account-sid", default=_env("TWILIO_ACCOUNT_SID", DEMO_ACCOUNT_SID))
    parser.add_argument("--auth-token", default=_env("TWILIO_AUTH_TOKEN", DEMO_AUTH_TOKEN))
    parser.add_argument("--sender", default=_env("TWILIO_SENDER", DEMO_SENDER))
    parser.add_argument(
        "--app-url",
        default=_env("PUBLIC_URL", "http://localhost:5000"),
        help="where the application is; must be its PUBLIC_URL, or signatures will not fit",
    )
    parser.add_argument(
        "--step-seconds",
        type=float,
        default=0.0,
        help="pause between queued, sent and delivered",
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the parent process ends"
    )
    return parser


def _env(name: str, default: str) -> str:
    return os.environ.get(name) or default


if __name__ == "__main__":
    sys.exit(main())
