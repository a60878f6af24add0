"""One's own account, the administrator's pages, and the audit page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import ApiToken
from core.accounts.tokens import digest_of
from core.audit import AuditRow
from tests.core.people import (
    is_signed_in,
    link_in,
    mails,
    make_person,
    person,
    sign_in,
    submit,
    token_of,
)  # fmt: skip

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def admin(session: Session, app: Flask) -> FlaskClient:
    """An administrator's browser."""
    browser = app.test_client()
    sign_in(browser, make_person("admin"))
    return browser


def page_of(session: Session, email: str) -> str:
    return f"/admin/users/{person(session, email).public_id}"


def test_one_may_change_ones_own_name_phone_and_language(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("vetter")
    sign_in(client, email)
    submit(client, "/account/", name="Ada Neu", phone="+1 (202) 555-0123", language="fr")
    user = person(session, email)
    assert (user.name, user.phone, user.language) == ("Ada Neu", "+12025550123", "fr")
    assert '<html lang="fr"' in client.get("/").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    session: Session, client: FlaskClient
) -> None:
    email = make_person("vetter")
    sign_in(client, email)
    answer = submit(client, "/account/", name="Kept Name", phone="12", language="fr")
    assert answer.status_code == 400
    assert "cannot be a phone number" in answer.text
    assert "Kept Name" in answer.text
    assert person(session, email).phone is None


def test_nobody_makes_themself_an_administrator(session: Session, client: FlaskClient) -> None:
    email = make_person("vetter")
    sign_in(client, email)
    submit(
        client, "/account/", name="A", language="en", roles="admin", email="x@office.test",
        active="", office="FR", office_code="FR",
    )  # fmt: skip
    user = person(session, email)
    assert [role.name for role in user.roles] == ["vetter"]
    assert (user.email, user.office_code, user.active) == (email, None, True)


def test_an_invitation_is_in_the_language_of_who_invites_unless_another_is_chosen(
    admin: FlaskClient,
) -> None:
    assert '<option value="en" selected>' in admin.get("/admin/users/new").text
    assert '<option value="fr" selected>' in admin.get("/admin/users/new?lang=fr").text


def test_an_administrator_invites_somebody(session: Session, admin: FlaskClient) -> None:
    answer = submit(
        admin, "/admin/users/new", email="New@office.test", name="New", phone="", language="es",
        office="", roles="duty_officer",
    )  # fmt: skip
    assert answer.status_code == 302
    assert person(session, "new@office.test").language == "es"
    assert link_in(mails(session)[0]).startswith("/invitation/")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "nonsense", "roles": "vetter"}, "not an e-mail address"),
        ({"email": "admin@office.test", "roles": "vetter"}, "already an account"),
        ({"email": "a@office.test"}, "Choose at least one role."),
        ({"email": "a@office.test", "roles": "focal_point"}, "needs the code of an office"),
        ({"email": "a@office.test", "roles": "king"}, "valid choice"),
    ],
)
def test_an_account_that_cannot_be_is_explained(
    session: Session, admin: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = submit(admin, "/admin/users/new", language="en", name="Kept", **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="Kept"' in answer.text
    assert mails(session) == []


def test_roles_and_office_are_changed(session: Session, admin: FlaskClient) -> None:
    email = make_person("vetter")
    path = page_of(session, email)
    token = token_of(admin.get(path))
    fields = {"name": "Ada", "language": "en", "office": "FR", "roles": ["focal_point", "auditor"]}
    assert admin.post(path, data={"csrf_token": token, **fields}).status_code == 302
    user = person(session, email)
    assert {role.name for role in user.roles} == {"focal_point", "auditor"}
    assert user.office_code == "FR"


def test_disabling_signs_the_person_out_and_enabling_lets_them_in_again(
    session: Session, admin: FlaskClient, client: FlaskClient
) -> None:
    email = make_person("vetter")
    sign_in(client, email)
    path = page_of(session, email)
    submit(admin, f"{path}/disable", page=path)
    assert not is_signed_in(client)
    sign_in(client, email)
    assert not is_signed_in(client)
    submit(admin, f"{path}/enable", page=path)
    sign_in(client, email)
    assert is_signed_in(client)


def test_the_last_administrator_can_be_neither_disabled_nor_demoted(
    session: Session, admin: FlaskClient
) -> None:
    path = page_of(session, "admin@office.test")
    submit(admin, f"{path}/disable", page=path)
    assert "This is the last administrator" in admin.get(path).text
    answer = submit(admin, path, name="x", language="en", office="", roles="vetter")
    assert "This is the last administrator" in answer.text
    user = person(session, "admin@office.test")
    assert user.active
    assert [role.name for role in user.roles] == ["admin"]


def test_an_api_token_is_shown_once_and_can_be_revoked(
    session: Session, admin: FlaskClient
) -> None:
    path = page_of(session, make_person("duty_officer"))
    shown = submit(admin, f"{path}/token", page=path)
    found = re.search(r"iproc_[\w-]+", shown.text)
    assert found is not None
    session.rollback()
    row = session.scalars(select(ApiToken)).one()
    assert row.digest == digest_of(found.group())
    assert found.group() not in admin.get(path).text
    submit(admin, f"{path}/tokens/{row.id}/revoke", page=path)
    session.rollback()
    assert session.scalars(select(ApiToken.revoked_at)).one() is not None


def test_a_token_is_not_revoked_through_somebody_elses_page(
    session: Session, admin: FlaskClient
) -> None:
    path = page_of(session, make_person("duty_officer"))
    submit(admin, f"{path}/token", page=path)
    session.rollback()
    number = session.scalars(select(ApiToken.id)).one()
    other = page_of(session, "admin@office.test")
    assert submit(admin, f"{other}/tokens/{number}/revoke", page=other).status_code == 404


def test_an_auditor_sees_accounts_and_has_no_buttons(session: Session, client: FlaskClient) -> None:
    sign_in(client, make_person("auditor"))
    path = page_of(session, make_person("vetter"))
    page = client.get(path).text
    assert "vetter@office.test" in page
    assert "/disable" not in page
    assert client.get("/admin/users/").status_code == 200


def test_the_list_is_searched_by_words_and_role(session: Session, admin: FlaskClient) -> None:
    make_person("vetter")
    make_person("auditor")
    assert "vetter@office.test" in admin.get("/admin/users/?role=vetter").text
    assert "auditor@office.test" not in admin.get("/admin/users/?role=vetter").text
    assert "auditor@office.test" in admin.get("/admin/users/?q=AUDITOR@").text
    for words in ("%", "_", "100%", "\\", "'"):
        assert "auditor@office.test" not in admin.get(
            "/admin/users/", query_string={"q": words}
        ).text.replace("focal_point", "")


def test_what_people_typed_is_inert(session: Session, admin: FlaskClient) -> None:
    email = make_person("vetter")
    path = page_of(session, email)
    submit(admin, path, name=EVIL, language="en", office="", roles="vetter")
    for page in (path, "/admin/users/", f"/admin/users/?q={EVIL}", f"/admin/audit?actor={EVIL}"):
        text = admin.get(page).text
        assert EVIL not in text


def test_the_audit_page_shows_who_did_what_and_can_be_searched(
    session: Session, admin: FlaskClient
) -> None:
    make_person("vetter")
    assert "account.created" in admin.get("/admin/audit").text
    assert "account.created" not in admin.get("/admin/audit?action=request").text
    subject = f"account:{person(session, 'vetter@office.test').public_id}"
    page = admin.get("/admin/audit", query_string={"subject": subject}).text
    assert page.count("account.created") == 1
    assert "account.created" not in admin.get("/admin/audit?until=2001-01-01").text
    assert "account.created" in admin.get("/admin/audit?since=nonsense&page=1").text


def test_erased_rows_are_shown_as_erased(session: Session, admin: FlaskClient) -> None:
    row = session.get(AuditRow, 1)
    assert row is not None
    row.salt = row.payload = None
    session.commit()
    assert "erased" in admin.get("/admin/audit").text
