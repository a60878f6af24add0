"""Setting the second step up, renewing and resetting it: who must, and who gets told."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.access import CODE_PAGE
from core.accounts.invitations import invite
from core.accounts.models import ROLES, SecondFactor
from core.accounts.second_factor import MUST
from core.audit import AuditRow
from core.clock import now
from core.db import writing
from tests.conftest import Clock, Command
from tests.core.people import (
    GOOD,
    OTHER,
    give_password,
    is_signed_in,
    link_in,
    mails,
    make_person,
    person,
    sign_in,
    submit,
)
from tests.core.phones import (
    APP_PAGE,
    NOT_RIGHT,
    OWN_PAGE,
    RECOVERY,
    VETTER,
    Phone,
    vetters_phone,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def phone(session: Session, clock: Clock, app: Flask) -> Phone:
    return vetters_phone(session, clock, app)


@pytest.mark.parametrize("role", ROLES)
def test_outside_the_demonstration_nobody_of_the_three_roles_is_exempt(
    session: Session, client: FlaskClient, role: str
) -> None:
    answer = give_password(client, make_person(role))
    assert (answer.location == CODE_PAGE) == (role in {"vetter", "duty_officer", "admin"})
    assert is_signed_in(client) == (role not in MUST)


class TestInTheDemonstration:
    """DEMO=1: a newcomer gets in with one step, and may try the second."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {"DEMO": "1", "DATABASE_URL": environment["DATABASE_URL"]}

    def test_the_password_is_enough_until_an_app_is_set_up(
        self, session: Session, app: Flask, client: FlaskClient, clock: Clock
    ) -> None:
        email = make_person(*MUST)
        assert give_password(client, email).location == "/"
        assert is_signed_in(client)
        assert len(Phone(client, clock, app).set_up()) == 10
        other = app.test_client()
        assert give_password(other, email).location == CODE_PAGE
        assert not is_signed_in(other)


def test_after_the_password_nothing_opens_but_setting_up_the_app(
    session: Session, client: FlaskClient
) -> None:
    give_password(client, make_person("admin"), next="/admin/users/")
    for path in ("/account/", "/admin/users/", "/admin/audit", "/account/password", OWN_PAGE):
        assert client.get(path).location == CODE_PAGE
    assert client.get(CODE_PAGE).location == APP_PAGE
    assert "Sign out" not in client.get("/").text
    assert submit(client, "/account/", page="/login", name="Mallory").status_code == 401


def test_setting_up_signs_in_and_tells_the_owner(
    session: Session, client: FlaskClient, clock: Clock, app: Flask
) -> None:
    give_password(client, make_person("vetter"))
    first, second = client.get(APP_PAGE).text, client.get(APP_PAGE).text
    svg = re.search(r"<svg.*?</svg>", first, re.DOTALL)
    assert svg
    assert "style" not in svg[0]
    assert svg[0] in second  # the app may have read the first
    assert len(set(Phone(client, clock, app).set_up())) == 10
    assert is_signed_in(client)
    subjects = [mail.subject for mail in mails(session)]
    assert subjects == ["A second step was set up for your account"]


def test_a_wrong_first_code_sets_nothing_up(session: Session, client: FlaskClient) -> None:
    give_password(client, make_person("vetter"))
    assert submit(client, APP_PAGE, code="000000").status_code == 400
    assert session.scalars(select(SecondFactor)).all() == []
    assert not is_signed_in(client)


def test_the_secret_is_encrypted_where_it_is_kept(
    session: Session, client: FlaskClient, clock: Clock, app: Flask
) -> None:
    give_password(client, make_person("vetter"))
    phone = Phone(client, clock, app)
    phone.set_up()
    plain = re.findall("[A-Z2-7]{32}", phone.secret)[0]
    session.rollback()
    assert plain not in session.scalars(select(SecondFactor.secret)).one()


def test_new_recovery_codes_need_a_code_and_end_the_old_ones(phone: Phone) -> None:
    refused = submit(phone.client, f"{OWN_PAGE}/renew", page=OWN_PAGE, code="000000")
    assert refused.status_code == 400
    first = submit(phone.client, f"{OWN_PAGE}/renew", page=OWN_PAGE, code=phone.code())
    old = RECOVERY.findall(first.text)
    answer = submit(phone.client, f"{OWN_PAGE}/renew", page=OWN_PAGE, code=old[0])
    assert len(RECOVERY.findall(answer.text)) == 10
    assert NOT_RIGHT in phone.enter(old[1], phone.again()).text


def test_another_phone_is_set_up_only_after_a_code_and_the_old_one_is_then_worthless(
    phone: Phone, app: Flask
) -> None:
    assert phone.client.get(APP_PAGE).location == OWN_PAGE
    submit(phone.client, f"{OWN_PAGE}/replace", page=OWN_PAGE, code=phone.code())
    new = Phone(phone.client, phone.clock, app)
    assert len(new.set_up()) == 10
    browser = phone.again()
    phone.enter(phone.code(seconds=60), browser)
    assert not is_signed_in(browser)
    phone.enter(new.code(), browser)
    assert is_signed_in(browser)


def test_setting_up_ends_sessions_that_were_begun_with_the_password_alone(
    session: Session, app: Flask, client: FlaskClient, clock: Clock
) -> None:
    email, thief = make_person("auditor"), app.test_client()
    give_password(thief, email)
    give_password(client, email)
    Phone(client, clock, app).set_up()
    assert (is_signed_in(client), is_signed_in(thief)) == (True, False)


def test_a_session_that_was_left_open_sets_nothing_up_without_the_password(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    give_password(client, make_person("auditor"))
    clock.forward(minutes=20)
    assert client.get(APP_PAGE).location == OWN_PAGE
    assert "sign out and in again" in client.get(OWN_PAGE).text


def reset(session: Session, admin: FlaskClient, email: str, **fields: str) -> TestResponse:
    path = f"/admin/users/{person(session, email).public_id}"
    return submit(admin, f"{path}/second-step/reset", page=path, **fields)


def test_an_administrator_resets_a_lost_phone_with_a_reason_and_two_mails(
    session: Session, phone: Phone, app: Flask
) -> None:
    make_person("admin", email="other.admin@office.test")
    admin = app.test_client()
    sign_in(admin, make_person("admin"))
    assert reset(session, admin, VETTER, reason=" ").status_code == 400
    assert is_signed_in(phone.client)
    assert reset(session, admin, VETTER, reason="Called back: 4711").status_code == 302
    assert not is_signed_in(phone.client)
    told = mails(session)[-2:]
    assert [mail.to for mail in told] == [VETTER, "other.admin@office.test"]
    assert "Called back: 4711" in told[1].body
    row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert row.action == "account.second_step_reset"
    assert row.payload == {"reason": "Called back: 4711"}
    assert phone.again().get(CODE_PAGE).location == APP_PAGE


def test_nobody_resets_their_own_second_step_but_the_command_line_can(
    session: Session, client: FlaskClient, clock: Clock, app: Flask, flask: Command
) -> None:
    email = make_person("admin")
    give_password(client, email)
    Phone(client, clock, app).set_up()
    assert "Another administrator has to do this" in reset(session, client, email, reason="x").text
    command = ("users", "reset-second-step", "--email", email, "--reason")
    assert flask(*command, " ").exit_code == 1
    assert flask(*command, "Stood at my desk").exit_code == 0
    assert not is_signed_in(client)
    assert flask(*command, "Again").exit_code == 1


def test_a_new_password_by_mail_is_not_a_way_round_the_code(
    phone: Phone, app: Flask, session: Session
) -> None:
    browser = app.test_client()
    submit(browser, "/reset", email=VETTER)
    submit(browser, link_in(mails(session)[-1]), password=OTHER, password_confirm=OTHER)
    assert give_password(browser, VETTER, OTHER).location == CODE_PAGE
    assert not is_signed_in(browser)


def test_a_new_password_of_somebody_signed_in_asks_for_no_second_code(
    phone: Phone, session: Session
) -> None:
    path = "/account/password"
    submit(phone.client, path, password=GOOD, new_password=OTHER, new_password_confirm=OTHER)
    assert person(session, VETTER).verify_and_update_password(OTHER)
    assert is_signed_in(phone.client)


def test_an_invited_vetter_sets_the_app_up_before_anything_else(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("vetter", password=None)
    with writing() as changing:
        invite(changing, person(changing, email), now(changing))
    link = link_in(mails(session)[0])
    answer = submit(client, link, password=GOOD, password_confirm=GOOD)
    assert answer.location == CODE_PAGE
    assert not is_signed_in(client)
