"""An invitation: mailed in the person's language, good once, for a week."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import links
from core.accounts import people
from core.accounts.invitations import invite, on_accepted
from core.accounts.models import User
from core.audit import AuditRow
from core.clock import now
from core.db import writing
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


def invited(session: Session, language: str = "en", email: str = "ada@office.test") -> str:
    """Makes an account without a password, invites it, and returns the link's path."""
    make_person("auditor", email=email, password=None, language=language)
    with writing() as changing:
        invite(changing, person(changing, email), now(changing))
    return link_in(mails(session)[-1])


def test_the_mail_has_a_link_the_name_and_the_emergency_number(session: Session) -> None:
    path = invited(session)
    mail = mails(session)[0]
    assert mail.to == "ada@office.test"
    assert "Ada Person" in mail.body
    assert "+41 22 555 01 00" in mail.body
    assert path.startswith("/invitation/")


def test_opening_the_link_changes_nothing_and_setting_a_password_signs_in(
    session: Session, client: FlaskClient
) -> None:
    path = invited(session)
    assert "ada@office.test" in client.get(path).text
    assert person(session, "ada@office.test").confirmed_at is None
    answer = submit(client, path, password=GOOD, password_confirm=GOOD)
    assert answer.location == "/"
    assert is_signed_in(client)
    assert person(session, "ada@office.test").confirmed_at is not None


def test_the_password_that_was_set_is_the_one_to_sign_in_with(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    submit(client, invited(session), password=GOOD, password_confirm=GOOD)
    another = app.test_client()
    sign_in(another, "ada@office.test")
    assert is_signed_in(another)


def test_a_link_works_once(session: Session, app: Flask, client: FlaskClient) -> None:
    path = invited(session)
    submit(client, path, password=GOOD, password_confirm=GOOD)
    thief = app.test_client()
    assert thief.get(path).status_code == 410
    refused = submit(thief, path, page="/login", password=OTHER, password_confirm=OTHER)
    assert refused.status_code == 410
    sign_in(thief, "ada@office.test", OTHER)
    assert not is_signed_in(thief)


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 410)])
def test_a_link_is_good_for_a_week(
    session: Session, client: FlaskClient, clock: Clock, days: float, status: int
) -> None:
    path = invited(session)
    clock.forward(days=days)
    assert client.get(path).status_code == status


def test_a_new_invitation_helps_whoever_came_too_late(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    invited(session)
    clock.forward(days=8)
    with writing() as changing:
        invite(changing, person(changing, "ada@office.test"), now(changing))
    assert client.get(link_in(mails(session)[-1])).status_code == 200


def test_a_disabled_account_cannot_be_accepted(session: Session, client: FlaskClient) -> None:
    path = invited(session)
    with writing() as changing:
        user = person(changing, "ada@office.test")
        people.disable(changing, user, actor="system", now=now(changing))
    assert client.get(path).status_code == 410


def test_a_link_for_something_else_is_no_invitation(session: Session, client: FlaskClient) -> None:
    invited(session)
    other = links.sign("case", person(session, "ada@office.test").public_id)
    assert client.get(f"/invitation/{other}").status_code == 410
    assert client.get("/invitation/nonsense").status_code == 410


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("password", "password", "easy to guess"),
        (GOOD, OTHER, "The two passwords are different."),
        ("", "", "Enter a password."),
    ],
)
def test_what_is_wrong_with_a_password_is_said(
    session: Session, client: FlaskClient, first: str, second: str, said: str
) -> None:
    answer = submit(client, invited(session), password=first, password_confirm=second)
    assert answer.status_code == 400
    assert said in answer.text
    assert person(session, "ada@office.test").password is None
    assert not first or f'value="{first}"' not in answer.text


def test_rooms_above_are_told_in_the_same_transaction(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    told: list[str] = []

    def hook(changing: Session, user: User, moment: datetime) -> None:
        assert changing.info["writing"]
        assert user.confirmed_at == moment
        told.append(user.email)

    on_accepted(app, hook)
    submit(client, invited(session), password=GOOD, password_confirm=GOOD)
    assert told == ["ada@office.test"]


def test_a_room_above_that_fails_leaves_nothing_half_done(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    def hook(changing: Session, user: User, moment: datetime) -> None:
        raise LookupError

    on_accepted(app, hook)
    answer = submit(client, invited(session), password=GOOD, password_confirm=GOOD)
    assert answer.status_code == 500
    assert person(session, "ada@office.test").password is None


def test_invitation_and_acceptance_are_in_the_audit(session: Session, client: FlaskClient) -> None:
    submit(client, invited(session), password=GOOD, password_confirm=GOOD)
    session.rollback()
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["account.created", "account.invited", "account.accepted"]


def test_a_name_with_a_line_break_forges_no_header(session: Session) -> None:
    make_person("vetter", email="x@office.test", password=None)
    with writing() as changing:
        user = person(changing, "x@office.test")
        user.name = "Eve\r\nBcc: everybody@office.test"
        invite(changing, user, now(changing))
    assert "\n" not in mails(session)[-1].subject
