"""The databases of the tests: clones are apart, and no server outlives its run."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests import databases, postgres
from tests.processes import wait_for_end

OWNER = """
import os, sys
from tests import postgres
print(postgres.start(os.getpid()), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> str:
    return databases.postgres_server(databases.shared_folder(tmp_path_factory))


def run(url: str, *statements: str) -> list[int]:
    """Executes all statements in one transaction; returns the first column of the last."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        result = connection.execute(text(statements[-1]))
        numbers = [row[0] for row in result] if result.returns_rows else []
    engine.dispose()
    return numbers


def fill(url: str) -> None:
    run(url, "CREATE TABLE things (number INTEGER)", "INSERT INTO things VALUES (1)")


@pytest.fixture(params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return databases.sqlite_template(tmp_path, fill)
    url = databases.create(request.getfixturevalue("server"))
    fill(url)
    request.addfinalizer(lambda: databases.drop(url))  # noqa: PT021 - only one of two has a server
    return url


def test_what_one_clone_gets_no_other_sees(template: str, tmp_path: Path) -> None:
    one, other = databases.clone(template, tmp_path), databases.clone(template, tmp_path)
    run(one, "INSERT INTO things VALUES (2)")
    assert run(one, "SELECT number FROM things ORDER BY number") == [1, 2]
    assert run(other, "SELECT number FROM things") == [1]
    databases.drop(one)
    assert run(databases.clone(template, tmp_path), "SELECT number FROM things") == [1]
    databases.drop(other)


def test_a_dropped_database_is_gone_whoever_was_in_it(server: str) -> None:
    url = databases.create(server)
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)):
        databases.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))


def test_only_databases_of_tests_can_be_dropped(server: str) -> None:
    with pytest.raises(ValueError, match="postgres is no database of a test"):
        databases.drop(server)


def test_the_first_to_ask_makes_it_and_the_others_get_it(tmp_path: Path) -> None:
    offered = iter(["first", "second"])
    for _ in range(3):
        assert databases.once(tmp_path, "thing", lambda: next(offered)) == "first"


def test_letters_of_all_languages_are_folded(server: str) -> None:
    with databases.administering(make_url(server)) as connection:
        row = connection.execute("SELECT lower('ÉCOLE'), lower('ЖЕНЕВА')").fetchone()
    assert row == ("école", "женева")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_ends_with_its_owner_however_that_ends(end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        folder = folder_of(str(owner.stdout and owner.stdout.readline()).strip())
        server, keeper = server_of(folder)
        assert postgres.answers(folder)
        owner.send_signal(end)
    wait_for_end(keeper)
    wait_for_end(server)
    assert not folder.exists()


def test_the_server_ends_with_a_killed_keeper() -> None:
    folder = folder_of(postgres.start(os.getpid()))
    server, keeper = server_of(folder)
    os.kill(keeper, signal.SIGKILL)
    wait_for_end(server)
    shutil.rmtree(folder)


def test_a_server_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_deep = tmp_path / ("deep" * 30)
    too_deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(too_deep))
    monkeypatch.setattr(tempfile, "tempdir", None)  # it would remember the folder of before
    with pytest.raises(RuntimeError, match=r"did not start:\n\S"):
        postgres.start(os.getpid())


def folder_of(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def server_of(folder: Path) -> tuple[int, int]:
    """The process ids of the server in `folder` and of its keeper."""
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    status = Path(f"/proc/{server}/status").read_text()
    return server, int(status.split("PPid:")[1].split()[0])
