"""What every test may ask for: a fresh migrated database, the application on it, a clock to move.

The network is closed, loopback aside.
"""

import contextvars
import gc
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import pytest_socket
from click.testing import Result
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock as core_clock
from core import upgrading
from core.db import db
from core.gazetteer import load_places
from core.settings import read_settings
from roster.posted import misposted
from tests import databases, postgres, wiring
from wsgi import create_app

pytest_plugins = ("tests.browser.chromium",)
TOWNS_OF = 100_000  # people, at least
SLOW = HealthCheck.too_slow
LOOPBACK = ["127.0.0.1", "::1", "localhost"]
ENVIRONMENT = {
    "SECRET_KEY": "k9-Vd2rQx7nBw4LmTz8PfHc3JsYg6Ua1",
    "TOTP_SECRET": "t5-Rb8wKq2mZx6VnLc4HdFs9PyJg3Ta7",
    "PUBLIC_URL": "http://localhost",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "f7a1c05e93b24d68",
    "TWILIO_SENDER": "+15005550006",
    "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody listens; the sandbox's tests say where it is
    "EMERGENCY_PHONE": "+41 22 555 01 00",
}


def pytest_configure(config: pytest.Config) -> None:
    """Puts the files of the tests into memory, and looks for garbage seldom: there is little.

    Examples are drawn anew by the long campaigns only, and never held to a time.
    """
    is_long = config.option.markexpr == "long"
    settings.register_profile(
        "timeless", deadline=None, derandomize=not is_long, suppress_health_check=[SLOW]
    )
    settings.load_profile("timeless")
    gc.set_threshold(100_000, 20, 50)
    place = postgres.quickest_place()
    if place:  # a disk on which others write makes a test wait for seconds
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place)


def pytest_collection_finish() -> None:
    """Looks no more for garbage among what stays until the end: modules, tables, tests."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup() -> None:
    """Closes the network before each test, its fixtures included."""
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes our template from a PostgreSQL that is not ours, at the end of the whole run."""
    factory: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if factory and "PYTEST_XDIST_WORKER" not in os.environ:
        databases.clean_up(factory.getbasetemp())


def migrate(url: str) -> None:
    """Makes an empty database what it is after `flask db upgrade`, and lets go of it.

    Only the small towns are missing: without them a clone takes a tenth of the time.
    """
    app = create_app(read_settings(ENVIRONMENT | {"DATABASE_URL": url}, Path()))
    loaders = upgrading.loaders_of(app)
    loaders[loaders.index(load_places)] = partial(load_places, at_least=TOWNS_OF)
    upgrading.upgrade(app)
    with app.app_context():
        db.engine.dispose()


TEMPLATES = {"sqlite": databases.sqlite_template, "postgresql": databases.postgres_template}


@pytest.fixture(params=TEMPLATES)
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a database of this test's own: migrated, reference rows, nothing else."""
    shared = databases.shared_folder(tmp_path_factory)
    with TemporaryDirectory(dir=postgres.quickest_place()) as folder:
        url = databases.clone(TEMPLATES[request.param](shared, migrate), Path(folder))
        yield url
        databases.drop(url)


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """The settings of this test as environment variables.

    A test module that wants others overrides this fixture:
    `@pytest.fixture` / `def environment(environment): return environment | {"DEMO": "1"}`.
    """
    return ENVIRONMENT | {"DATABASE_URL": database_url}


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    environment: dict[str, str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The real application on a database of its own.

    A test that wires something into it, a route for instance, is marked `own_app`.
    """
    settings = read_settings(environment, tmp_path)
    own = request.node.get_closest_marker("own_app") is not None
    app = create_app(settings) if own else wiring.application(settings)
    # Compiling the templates of one page anew takes half a second: once is enough for all tests.
    folder = databases.shared_folder(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    app.test_client_class = Client
    yield app
    with app.app_context():
        if environment.get("DATABASE_URL") == own_database(request):
            # Whatever was done to profiles, the lists by which people are found have followed.
            assert misposted(db.session()) == []
            db.session.remove()
        db.engine.dispose()


def own_database(request: pytest.FixtureRequest) -> str | None:
    """The address of the database that this test was given; None without one."""
    is_given = "database_url" in request.fixturenames
    return str(request.getfixturevalue("database_url")) if is_given else None


class Client(FlaskClient):
    """A client whose requests know nothing of the test's own application context.

    Flask would let them share it, and with it the database session and whoever is signed in.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = contextvars.Context().run(super().open, *args, **kwargs)
        forget()
        return response


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser; ask `app.test_client()` for a second one."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session of an application context that lasts as long as the test.

    Change things inside `with writing() as session:`, as the program does; after a request or a
    command what was loaded is loaded anew.
    """
    with app.app_context():
        yield db.session()


class Command:
    """Runs `flask …` in this process, in an application context of its own."""

    def __init__(self, app: Flask) -> None:
        self._runner = app.test_cli_runner()

    def __call__(self, *words: str | Path, input: str | None = None) -> Result:  # noqa: A002
        args = [str(word) for word in words]
        result: Result = contextvars.Context().run(self._runner.invoke, args=args, input=input)
        forget()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def flask(app: Flask) -> Command:
    """`flask("offices", "import", path)` → exit code and output of the command."""
    return Command(app)


class Clock:
    """The application's clock, which a test can move."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The present in UTC, as the application sees it; also inside a `writing()`."""
        return contextvars.Context().run(self._read)

    def _read(self) -> datetime:
        with self._app.app_context():
            return core_clock.now()

    def forward(self, **by: float) -> datetime:
        """Moves time on, such as `clock.forward(minutes=5)`; returns the new present."""
        self._offset += timedelta(**by)
        core_clock.set_offset(self._app, self._offset)
        forget()
        return self.now()

    def set(self, moment: datetime) -> datetime:
        """Makes it `moment` (aware) now; time goes on from there."""
        return self.forward(seconds=(moment - self.now()).total_seconds())


@pytest.fixture
def clock(app: Flask) -> Clock:
    """Time: `clock.now()`, `clock.forward(minutes=5)`."""
    return Clock(app)


def forget() -> None:
    """Ends the test's own read transaction, so that it sees what others have committed."""
    if has_app_context() and db.session.registry.has():
        db.session.rollback()
