"""Setting a new password: by mail for those who forgot, by knowing the old one for the others."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.sign_in import MOST_FAILURES
from core.audit import AuditRow
from tests.conftest import Clock
from tests.core.people import (
    GOOD,
    OTHER,
    is_signed_in,
    link_in,
    mails,
    make_person,
    person,
    sign_in,
    submit,
)  # fmt: skip

SENT = "If there is an account with this address, we have just sent a mail to it."


def ask(client: FlaskClient, email: str) -> str:
    return submit(client, "/reset", email=email).text


def test_a_mail_brings_a_link_and_the_link_a_new_password(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    assert SENT in ask(client, email)
    path = link_in(mails(session)[0])
    answer = submit(client, path, password=OTHER, password_confirm=OTHER)
    assert answer.status_code == 302
    assert not is_signed_in(client)
    sign_in(client, email, OTHER)
    assert is_signed_in(client)
    assert person(session, email).verify_and_update_password(OTHER)


@pytest.mark.parametrize("email", ["nobody@office.test", "off@office.test", "not an address"])
def test_nobody_learns_whether_there_is_an_account(
    session: Session, client: FlaskClient, email: str
) -> None:
    make_person("auditor", email="off@office.test")
    person(session, "off@office.test").active = False
    session.commit()
    page = ask(client, email)
    assert SENT in page
    assert mails(session) == []


def test_the_mail_is_in_the_language_of_whoever_gets_it(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor", language="en")
    client.get("/?lang=fr")
    ask(client, email)
    mail = mails(session)[0]
    assert mail.subject == "Set a new password for IP-ROC Dispatch"
    assert "Somebody, probably you" in mail.body


def test_the_link_is_built_from_our_address_and_never_from_the_host_header(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    client.environ_base["HTTP_HOST"] = "evil.test"
    ask(client, email)
    assert "evil" not in mails(session)[0].body


def test_the_link_works_once(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    ask(client, email)
    path = link_in(mails(session)[0])
    submit(client, path, password=OTHER, password_confirm=OTHER)
    assert client.get(path).location == "/reset"
    submit(client, path, page="/login", password=GOOD, password_confirm=GOOD)
    assert person(session, email).verify_and_update_password(OTHER)


def test_the_link_is_good_for_four_hours(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    ask(client, email)
    path = link_in(mails(session)[0])
    assert client.get(path).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=4, minutes=5)):
        assert client.get(path).location == "/reset"


def test_a_new_password_ends_all_sessions_and_the_owner_is_told(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    elsewhere = app.test_client()
    ask(elsewhere, email)
    submit(elsewhere, link_in(mails(session)[0]), password=OTHER, password_confirm=OTHER)
    assert not is_signed_in(client)
    assert "was changed" in mails(session)[1].subject


def test_three_mails_an_hour_are_enough(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    email = make_person("auditor")
    for _time in range(5):
        assert SENT in ask(client, email)
    assert len(mails(session)) == 3
    clock.forward(minutes=61)
    ask(client, email)
    assert len(mails(session)) == 4


def test_the_owner_who_was_locked_out_gets_in_by_mail_at_once(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("auditor")
    for _attempt in range(MOST_FAILURES):
        sign_in(client, email, "wrong")
    ask(client, email)
    submit(client, link_in(mails(session)[0]), password=OTHER, password_confirm=OTHER)
    sign_in(client, email, OTHER)
    assert is_signed_in(client)


def test_an_invited_person_may_also_begin_this_way(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor", password=None)
    ask(client, email)
    submit(client, link_in(mails(session)[0]), password=OTHER, password_confirm=OTHER)
    assert person(session, email).confirmed_at is not None


@pytest.mark.parametrize("password", ["password1", "short", "x" * 200])
def test_a_weak_one_is_refused_by_mail_too(
    session: Session, client: FlaskClient, password: str
) -> None:
    email = make_person("auditor")
    ask(client, email)
    path = link_in(mails(session)[0])
    submit(client, path, password=password, password_confirm=password)
    assert person(session, email).verify_and_update_password(GOOD)


def change(client: FlaskClient, old: str, new: str) -> str:
    return submit(
        client, "/account/password", password=old, new_password=new, new_password_confirm=new
    ).text


def test_who_knows_the_old_one_may_choose_another(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    elsewhere = app.test_client()
    sign_in(elsewhere, email)
    change(client, GOOD, OTHER)
    assert person(session, email).verify_and_update_password(OTHER)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert [mail.to for mail in mails(session)] == [email]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wrong", OTHER, "This is not your present password."),
        (GOOD, "password1", "easy to guess"),
        (GOOD, GOOD, "Choose a password that you have not had before."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    session: Session, client: FlaskClient, old: str, new: str, said: str
) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    assert said in change(client, old, new)
    assert person(session, email).verify_and_update_password(GOOD)


def test_both_ways_are_in_the_audit(session: Session, client: FlaskClient) -> None:
    email = make_person("auditor")
    sign_in(client, email)
    change(client, GOOD, OTHER)
    ask(client, email)
    submit(client, link_in(mails(session)[-1]), password=GOOD, password_confirm=GOOD)
    session.rollback()
    actions = set(session.scalars(select(AuditRow.action)))
    assert {"account.password_changed", "account.password_reset"} <= actions
