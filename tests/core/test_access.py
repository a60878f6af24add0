"""Deny by default: every endpoint says what it needs; how far each role gets: tests/matrix.py."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import access
from core.access import GRANTS, OWN_OFFICE_ONLY, allowed, may, needs, open_to_all, own_office
from core.db import writing
from tests.core.people import OFFICE, make_person, sign_in, submit

pytestmark = pytest.mark.own_app

ROLES = sorted(GRANTS)


def test_every_endpoint_has_a_declaration(app: Flask) -> None:
    undeclared = [
        rule.endpoint for rule in app.url_map.iter_rules() if needs(app, rule.endpoint) is None
    ]
    assert undeclared == []


def test_the_permissions_are_those_of_the_contract() -> None:
    def have(permission: str) -> set[str]:
        return {role for role, granted in GRANTS.items() if permission in granted}

    assert have("crisis.file") == have("crisis.change") == {"focal_point", "duty_officer"}
    assert have("crisis.see") == {"focal_point", "duty_officer", "auditor"}
    assert have("desk.act") == {"duty_officer"}
    assert have("desk.see") == {"duty_officer", "auditor"}
    assert have("roster.edit") == {"vetter"}
    assert have("roster.see") == {"vetter", "duty_officer", "auditor"}
    assert have("own") == {"expert"}
    assert have("admin.edit") == {"admin"}
    assert have("admin.see") == have("audit.see") == {"admin", "auditor"}
    assert {"focal_point"} == OWN_OFFICE_ONLY


def test_a_view_that_says_nothing_is_refused_to_everybody(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    @app.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    assert client.get("/forgotten").status_code == 403
    sign_in(client, make_person(*ROLES))
    answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_misspelt_permission_is_noticed_at_once() -> None:
    with pytest.raises(ValueError, match="no role"):
        may("desk.sea")
    with pytest.raises(ValueError, match="no role"):
        allowed("desk.sea")


def office_view(app: Flask) -> None:
    @app.get("/of/<code>")
    @may("crisis.change")
    def of(code: str) -> str:
        access.require("crisis.change", code)
        return f"own: {own_office(code)}"


@pytest.mark.parametrize(
    "case",
    [
        (["focal_point"], OFFICE, 200),
        (["focal_point"], "FR", 403),
        (["duty_officer"], "FR", 200),
        (["focal_point", "duty_officer"], "FR", 200),
        # May see every case, and change those of the own office: together not all of both.
        (["focal_point", "auditor"], "FR", 403),
    ],
)
def test_a_focal_point_acts_for_the_own_office_only(
    session: Session, app: Flask, client: FlaskClient, case: tuple[list[str], str, int]
) -> None:
    roles, office, status = case
    office_view(app)
    sign_in(client, make_person(*roles))
    assert client.get(f"/of/{office}").status_code == status


def test_an_office_that_is_not_named_is_nobodys_own(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    @app.get("/none")
    @open_to_all
    def none() -> str:
        return str([own_office(""), own_office("None")])

    make_person("vetter", email="v@office.test")
    sign_in(client, "v@office.test")
    assert client.get("/none").text == "[False, False]"


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(
    session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("auditor", "vetter"))
    assert client.get("/admin/audit").status_code == 200
    with writing() as changing:
        changing.execute(
            text(
                "DELETE FROM user_role WHERE role_id = (SELECT id FROM role WHERE name = 'auditor')"
            )
        )
    assert client.get("/admin/audit").status_code == 403


def test_an_exception_while_checking_a_right_means_no(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    seen: list[str] = []

    @app.get("/guarded")
    @may("audit.see")
    def guarded() -> str:
        seen.append("in")
        return "secret"

    sign_in(client, make_person("auditor"))
    assert client.get("/guarded").text == "secret"
    with writing() as changing:
        changing.execute(text("ALTER TABLE user_role RENAME TO elsewhere"))
    answer = client.get("/guarded")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert seen == ["in"]


def test_a_part_of_a_page_asks_the_whole_page_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/account/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Refresh"] == "true"


def test_posting_without_a_session_is_refused_and_not_redirected(client: FlaskClient) -> None:
    answer = submit(client, "/account/", page="/login", name="Mallory")
    assert answer.status_code == 401
