"""Every change needs the CSRF token, and a lost token loses nothing that was typed."""

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField

from core.access import open_to_all
from core.web import SIGNED_DOORS, checks_own_token, lost_token
from tests.core.people import make_person, sign_in, token_of
from tests.core.routes import CHANGING, addresses

pytestmark = pytest.mark.own_app


def test_every_route_that_changes_something_is_refused_without_a_token(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    sign_in(client, make_person("admin", "duty_officer", "vetter", "auditor", "expert"))
    tried = 0
    for rule, path in addresses(app):
        for method in set(CHANGING) & set(rule.methods or ()):
            if not path.startswith(SIGNED_DOORS):
                assert client.open(path, method=method).status_code == 400, (rule.rule, method)
                tried += 1
    assert tried > 5


def test_the_refusal_is_a_page_with_a_clear_sentence(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "a@office.test"})
    assert answer.status_code == 400
    assert "This page was open for too long" in answer.text
    assert "Nothing was changed" in answer.text


def test_a_token_of_another_session_is_refused(app: Flask, client: FlaskClient) -> None:
    stranger = token_of(app.test_client().get("/login"))
    client.get("/login")
    assert client.post("/login", data={"csrf_token": stranger}).status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/anything", "/twilio/anything"])
def test_doors_with_a_signature_of_their_own_need_no_token(
    app: Flask, client: FlaskClient, path: str
) -> None:
    @app.post(path)
    @open_to_all
    def anything() -> str:
        return "in"

    assert client.post(path).text == "in"


class Call(FlaskForm):
    words = StringField()


def typed_in(app: Flask) -> list[str]:
    received: list[str] = []
    page = "{{ form.csrf_token }}<p>{{ form.words.data }}</p>"

    @app.route("/call", methods=["GET", "POST"])
    @open_to_all
    @checks_own_token
    def call() -> tuple[str, int]:
        form = Call()
        if form.validate_on_submit():
            received.append(form.words.data)
            return "received", 200
        return render_template_string(page, form=form), 400 if lost_token(form) else 200

    return received


def test_a_form_that_checks_its_own_token_keeps_what_was_typed(
    app: Flask, client: FlaskClient
) -> None:
    received = typed_in(app)
    answer = client.post("/call", data={"words": "flood", "csrf_token": "gone"})
    assert answer.status_code == 400
    assert "<p>flood</p>" in answer.text
    assert received == []
    again = {"words": "flood", "csrf_token": token_of(answer)}
    assert client.post("/call", data=again).text == "received"
    assert received == ["flood"]
