"""Every error under /api/ is a problem document (RFC 9457), in the language that was asked for."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.access import open_to_all
from tests.dispatch.world import World
from tests.web.conftest import Call
from tests.web.description import DOCUMENT, faults


def check_problem(answer: TestResponse, status: int) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    assert faults({"$ref": "#/components/schemas/Problem"}, answer.json) == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404), ("GET", "/api/", 404), ("DELETE", "/api/v1/crises", 405),
        ("PUT", "/api/v1/crises/x", 405), ("GET", "/api/v1/crises", 401),
        ("POST", "/api/v1/crises", 401), ("GET", "/api/v1/experts", 401),
    ],
)  # fmt: skip
def test_without_a_token_or_a_route(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    check_problem(answer, status)
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "x"])
def test_a_token_that_is_none_is_401(session: Session, client: FlaskClient, token: str) -> None:
    answer = client.get("/api/v1/crises", headers={"Authorization": token})
    check_problem(answer, 401)


def test_a_cookie_opens_no_door_of_the_api(world: World, app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(_user_id=world.officer().fs_uniquifier, _fresh=True, since=2**40, seen=2**40)
    check_problem(client.get("/api/v1/crises"), 401)


BODIES = [
    (b"{", 400), (b"[1]", 400), (b'"text"', 400), (b"null", 400), (b"\xff\xfe", 400),
    (b"[" * 200_000, 400), (b'{"a":' * 100_000, 400), (b'{"lat": NaN}', 400),
    (b'{"severity": ' + b"9" * 10_000 + b"}", 400), (b'{"summary": "\\ud800"}', 400),
    (b"", 422), (b"{}", 422), (b'{"summary": "\\u0000"}', 422), (b" " * 1_100_000, 413),
]  # fmt: skip


def test_what_cannot_be_read_is_refused_and_never_a_fault_of_ours(
    world: World, call: Call, app: Flask
) -> None:
    token = call(world.focal_point()).headers
    for body, status in BODIES:
        answer = app.test_client().post(
            "/api/v1/crises", data=body, headers=token, content_type="application/json"
        )
        check_problem(answer, status)


def test_only_json_is_read(world: World, call: Call, app: Flask) -> None:
    token = call(world.focal_point()).headers
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"):
        answer = app.test_client().post(
            "/api/v1/crises", data=b'{"a": 1}', headers=token, content_type=kind
        )
        check_problem(answer, 415)
    for kind in ("application/json; charset=utf-8", "application/vnd.x+json", None):
        answer = app.test_client().post(
            "/api/v1/crises", data=b'{"a": 1}', headers=token, content_type=kind
        )
        check_problem(answer, 422)


@pytest.mark.own_app
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_others_raise_is_a_problem_too(app: Flask, client: FlaskClient, status: int) -> None:
    @app.get("/api/v1/broken")
    @open_to_all
    def broken() -> None:
        abort(status)

    check_problem(client.get("/api/v1/broken"), status)


def test_problems_are_written_in_the_callers_language(world: World, call: Call) -> None:
    focal = call(world.focal_point())
    answer = focal.post("/crises", {}, Accept_Language="fr")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_described_operation_can_be_refused_for_want_of_a_token() -> None:
    for path in DOCUMENT["paths"].values():
        for operation in path.values():
            assert "401" in operation["responses"] or operation.get("security") == []
