"""A demonstration has secrets, ports and a folder of its own, and meets no real data."""

import socket
from pathlib import Path

import pytest

from core.settings import read_settings
from dispatch.demo import loading as demo
from roster.rules import stages
from scripts import demonstration
from scripts.demonstration import CannotRunError


def test_settings_around_it_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "MAIL_URL", "TWILIO_API_URL", "GUNICORN_CMD_ARGS", "FLASK_DEBUG"):
        monkeypatch.setenv(name, "real")
    found = demonstration.environment(tmp_path, 5000)
    assert "real" not in found.values()
    settings = read_settings(found, tmp_path)
    assert settings.demo
    assert settings.twilio_api_url == "http://127.0.0.1:5001"
    assert settings.database_url == f"sqlite:///{tmp_path}/iproc-dispatch.sqlite3"


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = demonstration.read_secrets(tmp_path / "demo.env")
    assert demonstration.read_secrets(tmp_path / "demo.env") == first
    assert (tmp_path / "demo.env").stat().st_mode & 0o777 == 0o600
    assert demonstration.read_secrets(tmp_path / "other.env") != first


def test_enough_vetters_sign_in_to_examine_somebody_to_the_end() -> None:
    vetters = [person for person in demo.PEOPLE if person.role == "vetter"]
    assert len(vetters) > stages.PANEL_OF, "nobody would be left to decide"


def test_only_one_runs_in_a_folder(tmp_path: Path) -> None:
    with demonstration.claim(tmp_path), pytest.raises(CannotRunError, match="running already"):
        demonstration.claim(tmp_path)
    demonstration.claim(tmp_path).close()


@pytest.mark.parametrize("given", ["many", "0", "65535", "-1"])
def test_a_port_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(CannotRunError, match="from 1 to 65534"):
        demonstration.choose_port(given)


def test_a_taken_port_is_refused_when_it_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"Port {port} is taken"):
            demonstration.choose_port(str(port))


def test_another_port_is_found_when_none_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", demonstration.DEFAULT_PORT + 1))
            taken.listen()
        except OSError:
            pass  # somebody has it already, which will do as well
        port = demonstration.choose_port("")
    assert port > demonstration.DEFAULT_PORT
    assert port % demonstration.STEP == 0
