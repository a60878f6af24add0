"""Brings the demonstration's database to this version and fills it; run by scripts/run.py.

One process for what would be several commands: each would take seconds to begin.
"""

import sys

from flask import Flask
from flask.cli import ScriptInfo

from core import upgrading
from wsgi import create_app

COMMANDS = (["demo", "load"], ["demo", "phones"], ["demo", "people"])


def main() -> int:
    """Prints the demo sign-ins; returns the exit code of the first command that failed."""
    app = create_app()
    upgrading.upgrade(app)
    return next((code for words in COMMANDS if (code := run(app, words))), 0)


def run(app: Flask, words: list[str]) -> int:
    """The exit code of `flask WORDS`."""
    us = ScriptInfo(create_app=lambda: app)
    code = app.cli.main(args=words, prog_name="flask", obj=us, standalone_mode=False)
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
