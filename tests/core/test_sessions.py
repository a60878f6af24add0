"""Where people are signed in: what they see of it, and that an ended session is over everywhere."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.devices import device_of
from core.accounts.models import OpenSession
from core.accounts.sessions import limits_of
from core.accounts.sign_in import MOST_FAILURES
from core.audit import AuditRow
from core.clock import now
from core.db import db, writing
from core.settings import read_settings
from tests.conftest import Client, Clock
from tests.core.people import (
    GOOD,
    OTHER,
    give_password,
    is_signed_in,
    make_person,
    person,
    sign_in,
    submit,
    token_of,
)
from wsgi import create_app

PAGE = "/account/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def elsewhere(environment: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    """Another process with the same database."""
    other = create_app(read_settings(environment, tmp_path))
    other.test_client_class = Client
    yield other
    with other.app_context():
        db.engine.dispose()


@pytest.fixture
def other(session: Session, client: FlaskClient, elsewhere: Flask) -> FlaskClient:
    """A second browser of the auditor in `client`, answered by the other process."""
    email, browser = make_person("auditor"), elsewhere.test_client()
    sign_in(client, email)
    sign_in(browser, email)
    return browser


def rows(session: Session) -> list[OpenSession]:
    session.rollback()
    return list(session.scalars(select(OpenSession).order_by(OpenSession.id)))


def test_one_session_is_ended_at_once_in_every_process_and_the_other_stays(
    session: Session, client: FlaskClient, other: FlaskClient
) -> None:
    theirs = rows(session)[1].public_id
    assert is_signed_in(other)
    submit(client, f"{PAGE}/{theirs}/end", page=PAGE)
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_all_others_are_ended_at_once(
    session: Session, client: FlaskClient, other: FlaskClient
) -> None:
    submit(client, f"{PAGE}/end-others", page=PAGE)
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions[-1] == "account.sessions_ended"


def test_signing_out_on_one_device_leaves_the_others(
    session: Session, client: FlaskClient, other: FlaskClient
) -> None:
    submit(client, "/logout", page=PAGE)
    assert (is_signed_in(client), is_signed_in(other)) == (False, True)
    assert len(rows(session)) == 1


def test_an_administrator_ends_all_of_somebodys_sessions(
    session: Session, app: Flask, client: FlaskClient, other: FlaskClient
) -> None:
    admin = app.test_client()
    sign_in(admin, make_person("admin"))
    path = f"/admin/users/{person(session, 'auditor@office.test').public_id}"
    submit(admin, f"{path}/sign_out", page=path)
    assert (is_signed_in(client), is_signed_in(other)) == (False, False)
    assert is_signed_in(admin)
    sign_in(client, "auditor@office.test")
    assert is_signed_in(client)


def test_a_disabled_account_and_a_new_password_leave_no_session(
    session: Session, client: FlaskClient, other: FlaskClient
) -> None:
    path = "/account/password"
    submit(client, path, password=GOOD, new_password=OTHER, new_password_confirm=OTHER)
    assert (is_signed_in(client), is_signed_in(other), len(rows(session))) == (True, False, 1)
    with writing() as changing:
        email = "auditor@office.test"
        people.disable(changing, person(changing, email), actor="system", now=now(changing))
    assert not is_signed_in(client)
    assert rows(session) == []


def test_many_passwords_tried_at_once_in_two_processes_are_no_more_than_ten(
    session: Session, app: Flask, elsewhere: Flask
) -> None:
    """Each is counted before it is looked at: the right one among them comes too late."""
    email, start = make_person("auditor"), threading.Barrier(4)
    browsers = [one.test_client() for one in (app, elsewhere, app, elsewhere)]
    for _attempt in range(MOST_FAILURES - 2):
        sign_in(browsers[0], email, "wrong")
    tokens = [token_of(browser.get("/login")) for browser in browsers]
    said: list[bool] = []

    def guess(browser: FlaskClient, token: str) -> None:
        form = {"email": email, "password": "wrong", "csrf_token": token}
        start.wait(timeout=20)
        said.append("Too many attempts" in browser.post("/login", data=form).text)

    threads = [
        threading.Thread(target=guess, args=each) for each in zip(browsers, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(said) == [False, False, True, True]


@on_sqlite
def test_the_page_names_devices_and_nobody_elses_session_can_be_ended(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    sign_in(client, make_person("auditor"))
    stranger = app.test_client()
    give_password(stranger, make_person("focal_point"))
    page = client.get(PAGE).text
    assert "Firefox on Linux" in page
    assert "This device" in page
    assert FIREFOX not in repr([vars(row) for row in rows(session)])
    mine = rows(session)[0].public_id
    assert submit(stranger, f"{PAGE}/{mine}/end", page=PAGE).status_code == 404
    assert is_signed_in(client)


@on_sqlite
def test_the_secret_of_a_cookie_is_not_in_the_database(
    session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("auditor"))
    with client.session_transaction() as cookie:
        secret = cookie["sid"]
    assert len(secret) >= 43
    assert secret not in repr([vars(row) for row in rows(session)])


@on_sqlite
def test_a_cookie_of_before_signing_in_again_is_worthless(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    email, thief = make_person("auditor"), app.test_client()
    sign_in(client, email)
    before = client.get_cookie("session")
    assert before is not None
    thief.set_cookie("session", before.value)
    submit(client, "/logout", page=PAGE)
    sign_in(client, email)
    assert (is_signed_in(client), is_signed_in(thief)) == (True, False)


@on_sqlite
@pytest.mark.parametrize(
    ("roles", "idle", "whole"),
    [
        (("auditor",), {"hours": 4}, {"hours": 12}),
        (("vetter",), {"hours": 4}, {"hours": 12}),
        (("admin",), {"minutes": 30}, {"hours": 12}),
        (("duty_officer",), {"hours": 12}, {"hours": 16}),
        (("duty_officer", "vetter"), {"hours": 4}, {"hours": 12}),
        (("duty_officer", "admin"), {"minutes": 30}, {"hours": 12}),
    ],
)
def test_how_long_a_session_may_idle_depends_on_the_roles(
    session: Session, client: FlaskClient, clock: Clock, *, roles: tuple[str, ...],
    idle: dict[str, float], whole: dict[str, float],
) -> None:  # fmt: skip
    email = make_person(*roles)
    limits = limits_of(person(session, email))
    assert (limits.idle, limits.whole) == (timedelta(**idle), timedelta(**whole))
    sign_in(client, email)
    clock.forward(seconds=limits.idle.total_seconds() - 60)
    assert is_signed_in(client)
    clock.forward(seconds=limits.idle.total_seconds() + 60)
    assert not is_signed_in(client)


@on_sqlite
def test_when_somebody_was_last_there_is_noted_every_other_minute(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, make_person("auditor"))
    first = rows(session)[0].seen_at
    clock.forward(seconds=100)
    client.get(PAGE)
    assert rows(session)[0].seen_at == first
    clock.forward(seconds=30)
    client.get(PAGE)
    assert rows(session)[0].seen_at > first


@on_sqlite
def test_sessions_that_are_long_over_are_cleared_away(
    session: Session, app: Flask, client: FlaskClient, clock: Clock
) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    clock.forward(hours=17)
    sign_in(app.test_client(), email)
    assert len(rows(session)) == 1


@on_sqlite
def test_a_cookie_whose_row_was_moved_to_another_account_opens_neither(
    session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("auditor"))
    mallory = person(session, make_person("focal_point"))
    with writing() as changing:
        changing.execute(update(OpenSession).values(user_id=mallory.id))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         ("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
         ("Chrome", "Android")),
        ("<script>", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_device_is_named_in_plain_words(agent: str, device: tuple[str, str]) -> None:
    assert device_of(agent) == device
