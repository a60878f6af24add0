"""Signing in and out: who gets in, what others learn from failures, and when a session dies."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.models import Throttle
from core.accounts.sign_in import MOST_FAILURES
from core.audit import AuditRow
from core.clock import now
from core.db import db, writing
from core.settings import read_settings
from tests.conftest import Client, Clock
from tests.core.people import GOOD, is_signed_in, make_person, person, sign_in, submit, token_of
from wsgi import create_app

NOT_RIGHT = "The e-mail address or the password is not right."


def test_the_right_password_lets_in_whatever_the_spelling_of_the_address(
    session: Session, client: FlaskClient
) -> None:
    make_person("auditor", email="ada@office.test")
    answer = sign_in(client, " Ada@Office.TEST")
    assert answer.status_code == 302
    assert answer.location == "/"
    assert is_signed_in(client)


@pytest.mark.own_app
def test_passwords_are_kept_as_argon2id(session: Session) -> None:
    email = make_person("auditor")
    kept = person(session, email).password
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


@pytest.mark.parametrize("email", ["ada@office.test", "nobody@office.test", "off@office.test"])
def test_a_failure_says_the_same_whether_or_not_there_is_such_an_account(
    session: Session, client: FlaskClient, email: str
) -> None:
    make_person("auditor", email="ada@office.test")
    make_person("auditor", email="off@office.test")
    with writing() as changing:
        off = person(changing, "off@office.test")
        off.active = False
    password = GOOD if email == "off@office.test" else "not this one"
    answer = sign_in(client, email, password)
    assert answer.text.count(NOT_RIGHT) == 1
    assert "disabled" not in answer.text
    assert not is_signed_in(client)


def test_an_invited_account_without_a_password_is_not_let_in(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor", password=None)
    for password in ("", "None", GOOD):
        sign_in(client, email, password)
        assert not is_signed_in(client)


@pytest.fixture
def elsewhere(environment: dict[str, str], tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser that another process with the same database answers."""
    other = create_app(read_settings(environment, tmp_path))
    other.test_client_class = Client
    yield other.test_client()
    with other.app_context():
        db.engine.dispose()


def test_failures_are_counted_across_processes_and_end_in_a_pause(
    session: Session, client: FlaskClient, elsewhere: FlaskClient, clock: Clock
) -> None:
    email = make_person("auditor")
    for attempt in range(MOST_FAILURES):
        sign_in(client if attempt % 2 else elsewhere, email, "wrong")
    for browser in (client, elsewhere):
        answer = sign_in(browser, email)
        assert "Too many attempts" in answer.text
        assert not is_signed_in(browser)
    clock.forward(minutes=16)
    sign_in(client, email)
    assert is_signed_in(client)


def test_the_pause_concerns_one_account_from_one_place_only(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    email, other = make_person("auditor"), make_person("vetter")
    for _attempt in range(MOST_FAILURES):
        sign_in(client, email, "wrong")
    assert sign_in(client, other).status_code == 302
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, email).status_code == 302


def test_another_address_of_the_same_subscriber_is_no_other_place(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    for attempt in range(MOST_FAILURES):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:7:7:{attempt:x}::1"
        sign_in(client, email, "wrong")
    assert "Too many attempts" in sign_in(client, email).text


def test_trying_on_during_the_pause_does_not_make_it_longer(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    email = make_person("auditor")
    for _attempt in range(MOST_FAILURES):
        sign_in(client, email, "wrong")
    clock.forward(minutes=14)
    for _attempt in range(MOST_FAILURES):
        sign_in(client, email, "wrong")
    clock.forward(minutes=2)
    assert sign_in(client, email).status_code == 302


def test_a_forwarding_header_does_not_make_a_new_place(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    for attempt in range(MOST_FAILURES):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{attempt}"
        sign_in(client, email, "wrong")
    assert "Too many attempts" in sign_in(client, email).text


def test_what_is_counted_names_nobody(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    sign_in(client, email, "wrong")
    session.rollback()
    for row in session.scalars(select(Throttle)):
        assert email not in row.key
        assert "127.0.0.1" not in row.key


def test_signing_out_kills_copies_of_the_cookie(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert is_signed_in(thief)
    submit(client, "/logout", page="/account/")
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_disabling_an_account_ends_its_sessions(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    with writing() as changing:
        people.disable(changing, person(changing, email), actor="system", now=now(changing))
    assert not is_signed_in(client)


def test_a_session_ends_after_four_idle_hours(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, make_person("auditor"))
    clock.forward(hours=3, minutes=50)
    assert is_signed_in(client)
    clock.forward(hours=4, minutes=1)
    assert not is_signed_in(client)
    assert "You were signed out" in client.get("/login").text


def test_a_page_that_renews_itself_is_nobody_working(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, make_person("auditor"))
    clock.forward(hours=2)
    client.get("/account/", headers={"HX-Request": "true"})
    clock.forward(hours=2, minutes=5)
    assert not is_signed_in(client)


def test_a_session_ends_after_twelve_hours_of_work(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_in(client, make_person("auditor"))
    for _hour in range(11):
        clock.forward(hours=1)
        assert is_signed_in(client)
    clock.forward(hours=1, minutes=1)
    assert not is_signed_in(client)


def test_nobody_can_ask_to_be_remembered_for_longer(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    page = client.get("/login")
    form = {"email": email, "password": GOOD, "remember": "y", "csrf_token": token_of(page)}
    answer = client.post("/login", data=form)
    assert answer.status_code == 302
    assert not any("remember" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_the_csrf_token_from_before_signing_in_is_worthless_after(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    before = token_of(client.get("/login"))
    client.post("/login", data={"email": email, "password": GOOD, "csrf_token": before})
    assert client.post("/logout", data={"csrf_token": before}).status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.test", "https://evil.test/", "\\\\evil.test", "/\\evil.test", "javascript:alert(1)"],
)
def test_signing_in_leads_to_no_other_site(
    session: Session, client: FlaskClient, elsewhere: str
) -> None:
    answer = sign_in(client, make_person("auditor"), next=elsewhere)
    leads_to = urlsplit(answer.location or "/")
    assert (leads_to.scheme, leads_to.netloc) == ("", "")
    assert not leads_to.path.startswith(("//", "/\\"))


def test_signing_in_leads_back_to_the_page_that_was_asked_for(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    asked = client.get("/admin/audit?action=account")
    assert asked.location == "/login?next=%2Fadmin%2Faudit%3Faction%3Daccount"
    assert sign_in(client, email, next="/admin/audit?action=account").location.endswith(
        "/admin/audit?action=account"
    )


def test_after_signing_in_pages_speak_the_accounts_language(
    session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("auditor", language="ar"))
    assert 'lang="ar" dir="rtl"' in client.get("/").text


def test_what_was_just_chosen_outlives_signing_in_and_ends_with_the_session(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor", language="ar")
    client.get("/login?lang=fr")
    sign_in(client, email)
    assert '<html lang="fr"' in client.get("/").text
    assert person(session, email).language == "ar"  # mails, and later visits
    submit(client, "/logout", page="/account/")
    assert '<html lang="fr"' in client.get("/login").text
    sign_in(client, email)
    assert '<html lang="ar"' in client.get("/").text
    submit(client, "/logout", page="/account/")
    sign_in(client, make_person("auditor", email="next@office.test", language="ru"))
    assert '<html lang="ru"' in client.get("/").text


def test_signing_in_and_out_is_in_the_audit(session: Session, client: FlaskClient) -> None:
    sign_in(client, make_person("auditor"))
    submit(client, "/logout", page="/account/")
    session.rollback()
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions[-2:] == ["account.signed_in", "account.signed_out"]


@pytest.mark.parametrize("password", ["\x00", "x" * 100_000, "Ω" * 300])
def test_no_password_upsets_the_sign_in_page(
    session: Session, client: FlaskClient, password: str
) -> None:
    assert sign_in(client, make_person("auditor"), password).status_code == 200


@pytest.mark.parametrize(
    "email", ["\x00@office.test", "a@b\r\nBcc: c@d.test", "'; DROP TABLE x;--"]
)
def test_no_address_upsets_the_sign_in_page(client: FlaskClient, email: str) -> None:
    assert sign_in(client, email).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/register", "/confirm", "/verify", "/change", "/us-signin", "/tf-setup", "/fs-static/x"],
)
def test_what_we_do_not_use_of_flask_security_is_off(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
