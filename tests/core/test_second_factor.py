"""Each code opens once and for a while only, whichever process it is shown to."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import CODE_PAGE
from core.accounts import codes
from core.accounts.models import OpenSession, RecoveryCode
from core.accounts.second_factor import MOST_FAILURES
from core.clock import now
from core.db import db
from core.settings import read_settings
from tests.conftest import ENVIRONMENT, Client, Clock
from tests.core.people import give_password, is_signed_in, mails, make_person, sign_in, submit
from tests.core.phones import NOT_RIGHT, OWN_PAGE, RECOVERY, Phone, form_of, vetters_phone
from wsgi import create_app

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def phone(session: Session, clock: Clock, app: Flask) -> Phone:
    return vetters_phone(session, clock, app)


@pytest.fixture
def elsewhere(
    environment: dict[str, str], tmp_path: Path, app: Flask, phone: Phone
) -> Iterator[Flask]:
    """Another process with the same database: an application of its own."""
    other = create_app(read_settings(environment, tmp_path))
    other.test_client_class = Client
    phone.clock.forward(minutes=1)
    other.extensions["clock_offset"] = app.extensions["clock_offset"]
    yield other
    with other.app_context():
        db.engine.dispose()


def test_a_code_leads_where_they_wanted_to_go(phone: Phone, app: Flask) -> None:
    browser = app.test_client()
    give_password(browser, "vetter@office.test", next="/account/?x=1")
    assert not is_signed_in(browser)
    assert phone.enter(phone.code(), browser).location.endswith("/account/?x=1")
    assert is_signed_in(browser)


def test_a_code_that_was_used_opens_nothing_more(phone: Phone) -> None:
    first, second = phone.again(), phone.again()
    code = phone.code()
    phone.enter(code, first)
    assert NOT_RIGHT in phone.enter(code, second).text
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_of_many_processes_that_get_the_same_code_at_once_one_takes_it(
    phone: Phone, app: Flask, elsewhere: Flask
) -> None:
    browsers = [phone.again(one) for one in (app, elsewhere, app, elsewhere)]
    code, start = phone.code(), threading.Barrier(len(browsers))
    forms = [form_of(browser, code) for browser in browsers]
    statuses: list[int] = []

    def send(browser: FlaskClient, form: dict[str, str]) -> None:
        start.wait(timeout=20)
        statuses.append(browser.post(CODE_PAGE, data=form).status_code)

    threads = [
        threading.Thread(target=send, args=each) for each in zip(browsers, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) == [302, 400, 400, 400]


def test_wrong_codes_are_counted_per_account_across_processes_and_the_owner_is_told(
    phone: Phone, app: Flask, elsewhere: Flask, session: Session
) -> None:
    browsers = [phone.again(), phone.again(elsewhere)]
    browsers[1].environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for attempt in range(MOST_FAILURES):
        assert NOT_RIGHT in phone.enter("000000", browsers[attempt % 2]).text
    for browser in browsers:
        assert "Too many wrong codes" in phone.enter(phone.code(), browser).text
        assert not is_signed_in(browser)
    assert mails(session)[-1].subject == "Somebody tries to sign in to your account"
    phone.clock.forward(minutes=16)
    browser = phone.again()
    phone.enter(phone.code(), browser)
    assert is_signed_in(browser)


def test_each_recovery_code_lets_in_once_and_nobody_can_read_them(
    session: Session, client: FlaskClient, clock: Clock, app: Flask
) -> None:
    give_password(client, make_person("vetter"))
    phone = Phone(client, clock, app)
    shown = phone.set_up()
    kept = repr(session.execute(select(RecoveryCode.digest)).all())
    assert not any(code in kept or code.replace("-", "") in kept for code in shown)
    first, second = phone.again(), phone.again()
    assert phone.enter(shown[3].upper().replace("-", " "), first).location == OWN_PAGE
    page = first.get(OWN_PAGE).text
    assert "Codes left: 9" in page
    assert not RECOVERY.search(page)
    assert NOT_RIGHT in phone.enter(shown[3], second).text
    phone.enter(shown[4], second)
    assert (is_signed_in(first), is_signed_in(second)) == (True, True)


@on_sqlite
@pytest.mark.parametrize(("seconds", "taken"), [(30, True), (-30, True), (90, False), (-60, False)])
def test_a_code_is_good_one_step_early_and_one_step_late(
    phone: Phone, app: Flask, seconds: float, taken: bool
) -> None:
    browser = phone.again()
    with app.app_context():
        at = datetime.fromtimestamp(now().timestamp() + seconds, UTC)
        code = codes.code_of(phone.secret, at)
    phone.enter(code, browser)
    assert is_signed_in(browser) == taken


@on_sqlite
def test_a_code_older_than_the_last_one_that_was_used_is_refused(phone: Phone) -> None:
    older = phone.code()
    first, second = phone.again(), phone.again()
    phone.enter(phone.code(seconds=30), first)
    phone.enter(older, second)
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


@on_sqlite
def test_what_is_no_code_opens_nothing_and_upsets_nothing(phone: Phone) -> None:
    browser = phone.again()
    for typed in ("", "12345", "x" * 99, "١٢٣٤", "²²²²²²", "\x00", "-"):
        assert phone.enter(typed, browser).status_code == 400
        phone.clock.forward(minutes=4)  # no pause, and not too long ago
        browser = phone.again()
    assert not is_signed_in(browser)


@on_sqlite
def test_a_code_may_be_typed_with_a_space_and_in_other_digits(phone: Phone) -> None:
    browser = phone.again()
    arabic = phone.code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    phone.enter(f"{arabic[:3]} {arabic[3:]}", browser)
    assert is_signed_in(browser)


@on_sqlite
def test_between_the_password_and_the_code_there_is_a_quarter_of_an_hour(phone: Phone) -> None:
    browser = phone.again()
    form = form_of(browser, phone.code())
    form["code"] = phone.code(minutes=16)
    browser.post(CODE_PAGE, data=form)
    assert not is_signed_in(browser)


@on_sqlite
def test_another_totp_secret_makes_all_codes_worthless_and_breaks_nothing(
    phone: Phone, environment: dict[str, str], tmp_path: Path
) -> None:
    secret = ENVIRONMENT["TOTP_SECRET"][::-1]
    other = create_app(read_settings(environment | {"TOTP_SECRET": secret}, tmp_path))
    other.test_client_class = Client
    assert phone.enter(phone.code(), phone.again(other)).status_code == 400
    with other.app_context():
        db.engine.dispose()


@on_sqlite
def test_the_secret_in_the_cookie_is_another_one_after_the_code(
    phone: Phone, app: Flask, session: Session
) -> None:
    browser = phone.again()
    before = browser.get_cookie("session")
    digests = set(session.scalars(select(OpenSession.digest)))
    phone.enter(phone.code(), browser)
    thief = app.test_client()
    assert before is not None
    thief.set_cookie("session", before.value)
    assert (is_signed_in(browser), is_signed_in(thief)) == (True, False)
    session.rollback()
    assert set(session.scalars(select(OpenSession.digest))) != digests


@on_sqlite
def test_whoever_is_made_an_administrator_owes_a_code_at_once(
    session: Session, client: FlaskClient, app: Flask
) -> None:
    admin = app.test_client()
    sign_in(admin, make_person("admin"))
    give_password(client, make_person("auditor"))
    assert is_signed_in(client)
    page = admin.get("/admin/users/?q=auditor@").text.split("/admin/users/")[-1].split('"')[0]
    path = f"/admin/users/{page}"
    submit(admin, path, name="A", language="en", office="", roles="admin")
    assert not is_signed_in(client)
