"""What every answer carries, whatever the route, the method and the outcome."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.access import open_to_all
from core.web import CONTENT_SECURITY_POLICY
from tests.core.people import make_person, sign_in
from tests.core.routes import addresses

pytestmark = pytest.mark.own_app


def check(answer: TestResponse, *, static: bool = False) -> None:
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    if not static:
        assert headers["Cache-Control"] == "no-store"


def test_every_route_and_method_has_the_headers(app: Flask, client: FlaskClient) -> None:
    for rule, path in addresses(app):
        for method in rule.methods or ():
            answer = client.open(path, method=method)
            ready = rule.endpoint != "health.readyz"  # which says 503 without a worker
            assert answer.status_code < 500 or not ready, (rule.rule, method)
            check(answer, static=rule.endpoint == "static")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nothing-here", "GET", 404), ("/", "DELETE", 405), ("/api/nothing", "GET", 404)],
)
def test_errors_have_the_headers(client: FlaskClient, path: str, method: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    check(answer)


def test_a_fault_of_ours_has_the_headers_and_the_emergency_number(
    app: Flask, client: FlaskClient
) -> None:
    @app.get("/broken")
    @open_to_all
    def broken() -> str:
        raise LookupError

    answer = client.get("/broken")
    assert answer.status_code == 500
    check(answer)
    assert "+41 22 555 01 00" in answer.text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503])
def test_every_error_page_prints_the_emergency_number_and_fits_the_layout(
    app: Flask, client: FlaskClient, status: int
) -> None:
    @app.get("/fails")
    @open_to_all
    def fails() -> None:
        abort(status)

    answer = client.get("/fails", headers={"Accept-Language": "fr"})
    assert answer.status_code == status
    assert "+41 22 555 01 00" in answer.text
    assert '<html lang="fr"' in answer.text


def test_the_policy_allows_no_inline_script_and_no_other_site() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    session: Session, client: FlaskClient
) -> None:
    answer = sign_in(client, make_person("auditor"))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Strict-Transport-Security" not in answer.headers


class TestOverHttps:
    """PUBLIC_URL is https, whatever the server itself sees."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"PUBLIC_URL": "https://dispatch.example"}

    def test_browsers_are_told_to_stay_with_https(self, client: FlaskClient) -> None:
        assert "max-age=63072000" in client.get("/").headers["Strict-Transport-Security"]

    def test_the_session_cookie_has_the_host_prefix(self, client: FlaskClient) -> None:
        cookie = client.get("/login", base_url="https://dispatch.example").headers["Set-Cookie"]
        assert cookie.startswith("__Host-session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "x" * 2_000_000})
    assert answer.status_code == 413
    check(answer)


def test_errors_under_the_api_are_problem_documents(client: FlaskClient) -> None:
    answer = client.get("/api/nothing")
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 404
