"""Deny by default: every endpoint says what it needs, and every role gets what CONTRACT.md says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import access
from core.access import GRANTS, OWN_OFFICE_ONLY, allowed, may, needs, open_to_all, own_office
from core.db import writing
from tests.core.people import OFFICE, make_person, sign_in, submit, token_of
from tests.core.routes import addresses

ROLES = sorted(GRANTS)
EVERYBODY = {*ROLES, "anonymous"}
SIGNED_IN = set(ROLES)
# Who gets further than the door of each endpoint of core; a new one must have a row here.
MATRIX: dict[str, set[str]] = {
    "static": EVERYBODY,
    "pages.home": EVERYBODY,
    "pages.privacy": EVERYBODY,
    "pages.administration": {"admin", "auditor"},
    "health.healthz": EVERYBODY,
    "health.readyz": EVERYBODY,
    "health.metrics": EVERYBODY,
    "security.login": EVERYBODY,
    "security.logout": EVERYBODY,
    "security.forgot_password": EVERYBODY,
    "security.reset_password": EVERYBODY,
    "security.change_password": SIGNED_IN,
    "accounts.invitation": EVERYBODY,
    "accounts.accept_invitation": EVERYBODY,
    "accounts.account": SIGNED_IN,
    "accounts.change_account": SIGNED_IN,
    "admin.list_users": {"admin", "auditor"},
    "admin.show_user": {"admin", "auditor"},
    "admin.new_user": {"admin"},
    "admin.make_user": {"admin"},
    "admin.change_user": {"admin"},
    "admin.act_on_user": {"admin"},
    "admin.revoke_users_token": {"admin"},
    "audit.rows": {"admin", "auditor"},
    "reference.index": {"admin", "auditor"},
    "reference.list_rows": {"admin", "auditor"},
    "reference.show_row": {"admin", "auditor"},
    "reference.new_row": {"admin"},
    "reference.make_row": {"admin"},
    "reference.change_row": {"admin"},
    "offices.own_office": {"admin", "focal_point"},
    "offices.show": {"admin", "focal_point"},
    "offices.change": {"admin", "focal_point"},
}
OURS = {"pages", "health", "security", "accounts", "admin", "audit", "reference", "offices"}


def is_ours(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.split(".", maxsplit=1)[0] in OURS


def test_every_endpoint_has_a_declaration(app: Flask) -> None:
    undeclared = [
        rule.endpoint for rule in app.url_map.iter_rules() if needs(app, rule.endpoint) is None
    ]
    assert undeclared == []


def test_the_matrix_has_a_row_for_every_endpoint_of_core(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint in endpoints if is_ours(endpoint)} == set(MATRIX)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_gets_through_the_doors_of_the_matrix_and_no_other(
    session: Session, app: Flask, client: FlaskClient, role: str
) -> None:
    if role != "anonymous":
        sign_in(client, make_person(role))
    token = token_of(client.get("/login" if role == "anonymous" else "/account/"))
    for rule, path in addresses(app):
        if not is_ours(rule.endpoint) or rule.endpoint == "security.logout":
            continue
        method = "POST" if "GET" not in (rule.methods or ()) else "GET"
        answer = client.open(
            path, method=method, data={"csrf_token": token} if method == "POST" else None
        )
        turned_away = answer.status_code in {401, 403} or "/login?" in (answer.location or "")
        assert turned_away is (role not in MATRIX[rule.endpoint]), (
            role,
            rule.endpoint,
            answer.status,
        )


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
