"""Migrations go both ways on both databases, and end where the models are."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url

from core import upgrading
from core.db import Base, db
from core.settings import read_settings
from scripts import regenerate_migration
from tests import databases
from tests.conftest import ENVIRONMENT, Command
from wsgi import create_app


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    shared = databases.shared_folder(tmp_path_factory)
    url = databases.create(databases.postgres_server(shared))
    yield url
    databases.drop(url)


@pytest.fixture
def empty_app(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database, in an application context."""
    app = create_app(read_settings(ENVIRONMENT | {"DATABASE_URL": empty_url}, tmp_path))
    with app.app_context():
        yield app
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[object]:
    """What autogeneration would still do to the database."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, Base.metadata)
    return found


def check_constraints(url: str) -> dict[str, set[str]]:
    """Names of the checks by table, which autogeneration does not compare."""
    engine = create_engine(url)
    reader = inspect(engine)
    named = {
        table: {str(check["name"]) for check in reader.get_check_constraints(table)}
        for table in reader.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return named


def test_up_is_the_models_down_is_nothing_and_up_again(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    assert differences() == []
    assert tables() == set(Base.metadata.tables)
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert differences() == []


def test_each_step_goes_down_and_up(empty_app: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade()
    assert not upgrading.is_current()
    flask_migrate.upgrade()
    assert upgrading.is_current()


def test_the_checks_are_those_of_the_models(
    empty_app: Flask, empty_url: str, tmp_path: Path
) -> None:
    flask_migrate.upgrade()
    modelled = f"sqlite:///{tmp_path / 'modelled.sqlite3'}"
    engine = create_engine(modelled)
    Base.metadata.create_all(engine)
    engine.dispose()
    assert check_constraints(empty_url) == check_constraints(modelled)


def test_the_initial_migration_is_what_the_models_give() -> None:
    assert regenerate_migration.TARGET.read_text("utf-8") == regenerate_migration.written_anew()


def test_the_command_migrates_and_loads_and_does_nothing_the_second_time(empty_app: Flask) -> None:
    flask = Command(empty_app)
    first = flask("db", "upgrade")
    assert first.exit_code == 0
    assert "200 offices" in first.output
    assert "34006 towns" in first.output
    assert upgrading.is_current()
    second = flask("db", "upgrade")
    assert second.exit_code == 0
    assert second.output == "The database is up to date.\n"


def test_an_upgrade_to_an_older_version_loads_nothing(empty_app: Flask) -> None:
    result = Command(empty_app)("db", "upgrade", "0001")
    assert result.exit_code == 0
    assert result.output == ""


def test_the_sql_can_be_read_instead(empty_app: Flask, empty_url: str) -> None:
    result = Command(empty_app)("db", "upgrade", "--sql")
    assert result.exit_code == 0
    assert "CREATE TABLE crisis_request" in result.output
    assert "CREATE TRIGGER audit_row_not_deleted" in result.output
    assert ("$$" in result.output) == (make_url(empty_url).get_backend_name() == "postgresql")
    assert tables() == set()


@pytest.mark.long
def test_upgrades_at_the_same_time_take_turns(empty_url: str) -> None:
    environment = os.environ | ENVIRONMENT | {"DATABASE_URL": empty_url}
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    running = [
        subprocess.Popen(
            command,
            cwd=regenerate_migration.ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert sum("200 offices" in words for words in said) == 1
