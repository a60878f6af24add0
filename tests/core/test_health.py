"""Whether we serve, whether all is there, and figures for this machine only."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from core import health
from core.db import db, writing
from tests.core.people import make_person, sign_in


def test_healthz_asks_the_database_nothing(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("auditor"))
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert client.get("/healthz").status_code == 200
    with client.get("/static/js/app.js") as served:
        assert served.status_code == 200
    assert asked == []


def test_readyz_is_content_with_a_migrated_database_and_checks_that_pass(
    app: Flask, client: FlaskClient
) -> None:
    app.extensions["ready_checks"] = {}
    health.add_check(app, "worker", lambda _session, _now: "")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "migrations": "ok", "worker": "ok"}


def test_readyz_says_what_is_missing(app: Flask, client: FlaskClient) -> None:
    def no_worker(_session: Session, _now: datetime) -> str:
        return "not seen for a minute"

    health.add_check(app, "worker", no_worker)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["worker"] == "not seen for a minute"


def test_readyz_notices_a_database_of_an_older_version(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    with writing() as changing:
        changing.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["migrations"] == "not at head"


class TestWithoutADatabase:
    """The database is not reached."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_we_serve_but_are_not_ready(self, client: FlaskClient) -> None:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json == {"database": "not reached"}

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_pages_that_need_it_still_print_the_emergency_number(self, client: FlaskClient) -> None:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cookie["sid"] = "somebody"
        answer = client.get("/")
        assert answer.status_code == 500
        assert "+41 22 555 01 00" in answer.text


def test_figures_count_requests_by_endpoint(client: FlaskClient) -> None:
    client.get("/privacy")
    page = client.get("/metrics").text
    assert re.search(
        r'^http_requests_total\{endpoint="pages.privacy",method="GET",status="200"\} [1-9]',
        page,
        re.MULTILINE,
    )
    assert 'http_request_seconds_count{endpoint="pages.privacy"}' in page


def test_figures_are_for_this_machine_only(app: Flask, client: FlaskClient) -> None:
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    assert client.get("/metrics").status_code == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded"])
def test_a_visitor_behind_a_proxy_on_this_machine_gets_no_figures(
    client: FlaskClient, header: str
) -> None:
    assert client.get("/metrics", headers={header: "192.0.2.1"}).status_code == 403


def test_an_invented_method_makes_no_new_figure(client: FlaskClient) -> None:
    client.open("/", method="BREW")
    assert "BREW" not in client.get("/metrics").text
