"""Brings the database to this version: migrations, then the rows that ship as data.

Knows no row itself: every package hands in its loader, so that nothing here looks upward.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import cast

import click
import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import clock
from core.db import db, writing

# Loads shipped rows, in the transaction of `session`, as of `now` (UTC). Must be idempotent, quick
# without news, and keep what people have edited. Returns a sentence, empty without news.
Loader = Callable[[Session, datetime], str]
LOCK = 0x10AD  # one advisory lock for all loaders; any constant would do


def init_app(app: Flask) -> None:
    """Makes `flask db upgrade` load rows, too; after Flask-Migrate was set up for `app`.

    Flask finds `db` as a plug-in before it loads the application, so a group of our own by that
    name would never be asked; click's result callback is how a group is extended.
    """
    # Its tale of implementations and sequences; what was done, we say ourselves.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    group = app.cli.commands["db"]
    if not isinstance(group, click.Group):
        raise TypeError("Flask-Migrate's `db` is no longer a group of commands")
    group.result_callback(replace=True)(_load_after_upgrade)


def add_loader(app: Flask, loader: Loader) -> None:
    """Runs `loader` after those added before it, whenever the database of `app` is upgraded."""
    loaders_of(app).append(loader)


def loaders_of(app: Flask) -> list[Loader]:
    """The loaders of `app`, in the order in which they run."""
    return cast("list[Loader]", app.extensions.setdefault("loaders", []))


def upgrade(app: Flask) -> list[str]:
    """What `flask db upgrade` does; returns a sentence for each thing that was loaded."""
    with app.app_context():
        flask_migrate.upgrade()
        return load_rows()


def load_rows() -> list[str]:
    """Runs all loaders of the current application in one transaction."""
    with writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        now = clock.now(session)
        return [news for loader in loaders_of(current_app) if (news := loader(session, now))]


def is_current() -> bool:
    """Whether the database stands at the newest migration."""
    config = current_app.extensions["migrate"].migrate.get_config()
    with db.engine.connect() as connection:
        stands_at = MigrationContext.configure(connection).get_current_heads()
    return set(stands_at) == set(ScriptDirectory.from_config(config).get_heads())


@click.pass_context
def _load_after_upgrade(context: click.Context, /, *_args: object, **_options: object) -> None:
    if context.invoked_subcommand == "upgrade" and is_current():
        for news in (*load_rows(), "The database is up to date."):
            click.echo(news, err=True)
