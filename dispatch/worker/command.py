"""`flask dispatch worker`: works until it is told to stop. The group may get other commands."""

import sys
from threading import Event

import click
from flask.cli import AppGroup, ScriptInfo

from core.db import db
from core.garbage import spare_what_stays
from core.settings import Settings
from core.stopping import stop_on_signals
from dispatch.worker.loop import name_of_worker, run
from dispatch.worker.turns import turns_of

group = AppGroup("dispatch", help="What moves requests on.")


@group.command("worker")
@click.pass_context
def worker(context: click.Context) -> None:
    """Advance, send and reconcile, until SIGTERM or Ctrl-C. Any number may run."""
    app = context.ensure_object(ScriptInfo).load_app()
    stopped = Event()
    stop_on_signals(stopped)
    settings: Settings = app.extensions["settings"]
    click.echo(
        f"Worker {name_of_worker()}: {db.engine.dialect.name}, sending through "
        f"{settings.twilio_api_url}, {_pace(settings.sender_rate)}."
    )
    sys.stdout.flush()
    db.session.rollback()
    turns = turns_of(name_of_worker(), settings.sender_rate)
    spare_what_stays()
    if not run(app, turns, stopped):
        sys.exit(1)
    click.echo("Worker stopped.")


def _pace(rate: float) -> str:
    return f"{rate:g} segments a second" if rate else "unpaced"
