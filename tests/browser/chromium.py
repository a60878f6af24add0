"""Finds a Chromium and starts it; `python -m tests.browser.chromium` says how to get one.

Knows nothing of what is looked at.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = """No Chromium was found, and the tests need one. Get one in one of these ways:
  as root on Debian:     apt-get install chromium
  anywhere else:         .venv/bin/playwright install --with-deps chromium
  or name yours:         CHROMIUM=/path/to/chrome make test"""
# It asks its maker's servers for many things at its start; nobody answers on a closed network.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-quic", "--no-first-run", "--disable-gpu"]  # fmt: skip


class NoBrowserError(Exception):
    """There is no Chromium; the text says how to get one."""


def find() -> str:
    """The path of a Chromium: CHROMIUM, the machine's own, or playwright's.

    Raises NoBrowserError.
    """
    given = os.environ.get("CHROMIUM", "")
    if given:
        found = shutil.which(given)
        if found is None:
            raise NoBrowserError(f"CHROMIUM is {given!r}, and there is no such program.\n{ADVICE}")
        return found
    own = next((path for path in map(shutil.which, NAMES) if path), "")
    return own or playwrights_own()


def playwrights_own() -> str:
    """The Chromium that `playwright install` has brought."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).is_file():
        raise NoBrowserError(ADVICE)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per process; without one the tests fail and say how to get it.

    All tests of a process share it: playwright refuses to be started twice in one thread.
    """
    try:
        path = find()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags())
        yield browser
        browser.close()


def flags() -> list[str]:
    """How it is started: root must do without its inner sandbox."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


if __name__ == "__main__":
    try:
        find()
    except NoBrowserError as error:
        sys.exit(str(error))
