"""API tokens open paths under /api/, and cookies do not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from core.access import current_actor, may
from core.accounts import people
from core.accounts.models import ApiToken
from core.accounts.tokens import create_token, revoke_token
from core.clock import now
from core.db import db, writing
from tests.core.people import make_person, person, sign_in

pytestmark = pytest.mark.own_app


@pytest.fixture
def app(app: Flask) -> Flask:
    """With one door of the API, and one page."""

    def who() -> str:
        return current_actor()

    app.add_url_rule("/api/who", "who_api", may("desk.see")(who), methods=["GET", "POST"])
    app.add_url_rule("/who", "who_page", may("desk.see")(who))
    return app


def token_for(session: Session, *roles: str) -> str:
    email = make_person(*roles)
    with writing() as changing:
        return create_token(changing, person(changing, email), actor="system", now=now(changing))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_speaks_for_its_owner(session: Session, client: FlaskClient) -> None:
    token = token_for(session, "duty_officer")
    answer = client.get("/api/who", headers=bearer(token))
    assert answer.text == person(session, "duty_officer@office.test").public_id
    assert client.post("/api/who", headers=bearer(token)).status_code == 200


def test_a_token_has_the_rights_of_its_owner_and_no_more(
    session: Session, client: FlaskClient
) -> None:
    answer = client.get("/api/who", headers=bearer(token_for(session, "vetter")))
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Bearer iproc_wrong", "Basic YTpi", "é"])
def test_without_a_token_the_api_asks_for_one(
    session: Session, client: FlaskClient, said: str
) -> None:
    token_for(session, "duty_officer")
    answer = client.get("/api/who", headers={"Authorization": said})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.mimetype == "application/problem+json"


def test_a_token_opens_no_page(session: Session, client: FlaskClient) -> None:
    answer = client.get("/who", headers=bearer(token_for(session, "duty_officer")))
    assert answer.status_code == 302
    assert "/login" in answer.location


def test_a_cookie_opens_no_door_of_the_api(session: Session, client: FlaskClient) -> None:
    sign_in(client, make_person("duty_officer"))
    assert client.get("/who").status_code == 200
    assert client.get("/api/who").status_code == 401
    assert client.post("/api/who").status_code == 401


def test_a_cookie_beside_a_token_does_not_change_who_speaks(
    session: Session, client: FlaskClient
) -> None:
    token = token_for(session, "duty_officer")
    sign_in(client, make_person("auditor"))
    answer = client.get("/api/who", headers=bearer(token))
    assert answer.text == person(session, "duty_officer@office.test").public_id


def test_a_revoked_token_is_dead(session: Session, client: FlaskClient) -> None:
    token = token_for(session, "duty_officer")
    with writing() as changing:
        row = changing.scalars(select(ApiToken)).one()
        revoke_token(changing, row, actor="system", now=now(changing))
    assert client.get("/api/who", headers=bearer(token)).status_code == 401


def test_the_tokens_of_a_disabled_account_stay_dead(session: Session, client: FlaskClient) -> None:
    token = token_for(session, "duty_officer")
    with writing() as changing:
        user = person(changing, "duty_officer@office.test")
        people.disable(changing, user, actor="system", now=now(changing))
    assert client.get("/api/who", headers=bearer(token)).status_code == 401
    with writing() as changing:
        user = person(changing, "duty_officer@office.test")
        people.enable(changing, user, actor="system", now=now(changing))
    assert client.get("/api/who", headers=bearer(token)).status_code == 401


def test_what_is_taken_from_an_account_is_refused_with_the_next_request(
    session: Session, client: FlaskClient
) -> None:
    """Whoever changes it, in whatever process: nothing of an account is kept between requests."""
    headers = bearer(token_for(session, "duty_officer", "auditor"))
    for change, answer in (
        ("DELETE FROM user_role WHERE role_id = (SELECT id FROM role WHERE name = 'auditor')", 200),
        ("DELETE FROM user_role", 403),
        ("UPDATE user_account SET active = false", 401),
        ("UPDATE user_account SET active = true", 403),
        ("UPDATE api_token SET revoked_at = created_at", 401),
    ):
        with db.engine.begin() as elsewhere:
            elsewhere.execute(text(change))
        assert client.get("/api/who", headers=headers).status_code == answer, change


def test_who_asks_is_found_in_one_statement(session: Session, client: FlaskClient) -> None:
    headers = bearer(token_for(session, "duty_officer"))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get("/api/who", headers=headers).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [words.split()[0] for words in statements if not words.startswith("BEGIN")] == ["SELECT"]


def test_only_a_digest_is_kept(session: Session) -> None:
    token = token_for(session, "duty_officer")
    session.rollback()
    row = session.scalars(select(ApiToken)).one()
    assert token not in str(vars(row))
    assert len(row.digest) == 64
