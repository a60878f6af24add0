"""The application, wired once in a process for each kind of settings, and moved between databases.

Wiring it, compiling its templates and its SQL takes longer than most tests: all of that is kept.
What a test changes of the application's configuration is put back before the next one.
"""

from copy import copy
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from core.db import db
from core.settings import Settings
from wsgi import create_app

# Hashing a password of a test as it is done outside takes as long as half a test. Whoever looks at
# the hash itself is marked `own_app`.
QUICK_HASH = {"argon2__memory_cost": 64}  # KiB
BUILT_IN = ("secret_key", "totp_secret", "public_url", "mail_url", "geocoder", "demo")


@dataclass(frozen=True)
class Wired:
    """An application, and what it was before any test touched it."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


_wired: dict[tuple[object, ...], Wired] = {}


def application(settings: Settings) -> Flask:
    """The application as `settings` say, as if it had just been made, on their database."""
    backend = make_url(settings.database_url).get_backend_name()
    kind = (backend, *(getattr(settings, name) for name in BUILT_IN))
    if kind not in _wired:
        _wired[kind] = wire(settings)
    wired = _wired[kind]
    wired.app.config.clear()
    wired.app.config.update(copied(wired.config))
    wired.app.extensions.clear()
    wired.app.extensions.update(copied(wired.extensions), settings=settings)
    move(wired.app, settings.database_url)
    return wired.app


def wire(settings: Settings) -> Wired:
    """A new application whose engine connects to wherever its address says at the moment."""
    app = create_app(settings)
    app.extensions["security"].pwd_context.update(**QUICK_HASH)
    with app.app_context():
        event.listen(db.engine, "do_connect", partial_connect(db.engine))
    return Wired(app, copied(app.config), copied(app.extensions))


def partial_connect(engine: Engine) -> Any:
    """Replaces the address with which the engine was made by the one that it has now."""

    def connect(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        now_args, now_named = engine.dialect.create_connect_args(engine.url)
        args[:] = now_args
        named.update(now_named)

    return connect


def move(app: Flask, url: str) -> None:
    """Lets go of the database of before, and goes to the one at `url`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    with app.app_context():
        db.engine.dispose()
        db.engine.url = make_url(url)


def copied(values: dict[str, Any]) -> dict[str, Any]:
    """The same values, but that containers are copies."""
    return {
        name: copy(value) if isinstance(value, dict | list | set) else value
        for name, value in values.items()
    }
