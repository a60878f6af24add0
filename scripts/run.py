"""`make run`: the web, a worker and the sandbox on this machine, with a database of demo data.

Prints where to look and how to sign in once all of it answers; Ctrl-C ends all of it.
"""

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from scripts import children
from scripts.children import Child
from scripts.demonstration import CannotRunError, choose_port, claim, environment

ROOT = Path(__file__).parent.parent
START_WITHIN_S = 120.0
GLANCE_S = 0.1


class StoppedError(Exception):
    """Somebody asked us to stop, or the process that started us is gone."""


class Demonstration:
    """All processes of one demonstration."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.environment = environment(folder, port)
        self.logs = folder / "log"
        self.logs.mkdir(exist_ok=True)
        self.children: list[Child] = []
        self._parent = os.getppid()

    def start(self, name: str, *words: str) -> Child:
        """Starts `python -m WORDS`, with a log of its own."""
        log = self.logs / f"{name}.log"
        child = children.start(name, [sys.executable, "-m", *words], self.environment, ROOT, log)
        self.children.append(child)
        return child

    def watch(self) -> None:
        """Raises CannotRunError when a child has ended, StoppedError when our parent has."""
        self.watch_parent()
        for child in self.children:
            if child.process.poll() is not None:
                raise CannotRunError(
                    f"The {child.name} has stopped (exit code {child.process.returncode}), "
                    f"and so everything else stops. The end of {child.log}:\n"
                    f"{child.last_words()}"
                )

    def watch_parent(self) -> None:
        """Raises StoppedError when what started us, make or a shell, is gone."""
        if os.getppid() != self._parent:
            raise StoppedError

    def wait_for(self, port: int, path: str) -> None:
        """Returns once `path` is answered; raises like `watch`, or when it takes too long."""
        give_up_at = time.monotonic() + START_WITHIN_S
        while not answers(f"http://127.0.0.1:{port}{path}"):
            self.watch()
            if time.monotonic() > give_up_at:
                raise CannotRunError(f"Nothing answers on port {port}. See {self.logs}.")
            time.sleep(GLANCE_S)

    def prepare(self) -> str:
        """Fills the database; returns the demo sign-ins. Raises CannotRunError if that fails."""
        child = self.start("database", "scripts.prepare")
        while child.process.poll() is None:
            self.watch_parent()
            time.sleep(GLANCE_S)
        if child.process.returncode:
            self.watch()
        self.children.remove(child)
        said = child.log.read_text(errors="replace")
        return "\n".join(line for line in said.splitlines() if line.startswith("  "))


def answers(url: str) -> bool:
    """Whether something answers there with success."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def run(demonstration: Demonstration) -> None:
    """Starts everything in order, says so, and watches until something ends."""
    port = demonstration.port
    say("Starting: database and demo data ...")
    demonstration.start("sandbox", "sandbox", "--port", str(port + 1), "--with-parent")
    demonstration.wait_for(port + 1, "/")
    sign_ins = demonstration.prepare()
    say("Starting: web and worker ...")
    demonstration.start("web", "gunicorn", "wsgi:create_app()", "--bind", f"127.0.0.1:{port}")
    demonstration.start("worker", "flask", "dispatch", "worker")
    demonstration.wait_for(port, "/healthz")
    demonstration.wait_for(port, "/readyz")
    say(WELCOME.format(port=port, sandbox=port + 1, sign_ins=sign_ins))
    while True:
        demonstration.watch()
        time.sleep(GLANCE_S)


WELCOME = """
IP-ROC Dispatch is running. No message leaves this machine.

  The site             http://localhost:{port}/
  Ask for help         http://localhost:{port}/crisis/new
  Duty board           http://localhost:{port}/desk/
  Phones and mails     http://localhost:{sandbox}/

Sign in as (e-mail, role, password):
{sign_ins}

Ctrl-C stops everything.
"""


def main() -> int:
    """0 when it was asked to stop, 1 when it could not run or go on."""
    parser = argparse.ArgumentParser("make run", description=__doc__)
    parser.add_argument("--port", default="", help="of the site; the phones are on the next one")
    parser.add_argument("--instance", type=Path, default=ROOT / "instance", help="its folder")
    given = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    demonstration: Demonstration | None = None
    try:
        with claim(given.instance):
            demonstration = Demonstration(given.instance.resolve(), choose_port(given.port))
            run(demonstration)
    except StoppedError:
        say("Stopping ...")
    except CannotRunError as reason:
        say(str(reason))
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if demonstration:
            children.end(demonstration.children)
    return 0


def stop(_number: int, _frame: object) -> None:
    """Leaves whatever is being done."""
    raise StoppedError


def say(words: str) -> None:
    """A line for the person at the keyboard."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
