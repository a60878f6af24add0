"""Logs are one line of JSON each, cannot be forged, and name nobody."""

import json
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.access import open_to_all
from core.db import db
from tests.core.people import make_person, sign_in

pytestmark = pytest.mark.own_app


class Lines:
    """What was written to standard error, read as JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._capsys.readouterr().err.splitlines()]


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Lines:
    capsys.readouterr()
    return Lines(capsys)


def test_a_request_is_one_line_with_its_number(client: FlaskClient, lines: Lines) -> None:
    answer = client.get("/privacy?secret=word")
    line = lines()[-1]
    assert line["endpoint"] == "pages.privacy"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["request"] == answer.headers["X-Request-ID"]
    assert "word" not in json.dumps(line)


def test_each_request_has_a_number_of_its_own_that_nobody_chooses(client: FlaskClient) -> None:
    numbers = {
        client.get("/healthz", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"]
        for _time in range(3)
    }
    assert len(numbers) == 3
    assert "mine" not in numbers


def test_a_line_break_forges_no_line(lines: Lines) -> None:
    logging.getLogger("test").warning("one\n%s", '{"event": "forged"}')
    found = lines()
    assert len(found) == 1
    assert found[0]["event"] == 'one\n{"event": "forged"}'


def test_an_exception_is_named_by_kind_and_place_and_its_words_are_kept_back(
    app: Flask, client: FlaskClient, lines: Lines
) -> None:
    @app.get("/broken/<word>")
    @open_to_all
    def broken(word: str) -> str:
        raise LookupError(f"{word} ada@office.test")

    client.get("/broken/token-in-the-address")
    written = lines()
    fault = next(line for line in written if "fault" in line)
    assert fault["fault"] == "LookupError"
    assert any("broken" in place for place in fault["places"])
    assert "ada@office.test" not in json.dumps(written)
    assert "token-in-the-address" not in json.dumps(written)


def test_values_of_a_failed_statement_are_kept_back(session: Session) -> None:
    with pytest.raises(Exception, match="hidden") as caught:
        db.session.execute(
            text("INSERT INTO nowhere VALUES (:email)"), {"email": "ada@office.test"}
        )
    assert "ada@office.test" not in str(caught.value)


def test_signing_in_names_nobody(session: Session, client: FlaskClient, lines: Lines) -> None:
    email = make_person("auditor")
    sign_in(client, email, "not-the-password")
    sign_in(client, email)
    written = json.dumps(lines())
    assert email not in written
    assert "not-the-password" not in written
