"""The first page and the privacy notice, for everybody and for each role."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from tests.core.people import make_person, sign_in


def test_the_first_page_has_two_ways_and_the_emergency_number(client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'href="/crisis/new"' in page
    assert 'href="/login"' in page
    assert "tel:+41225550100" in page


@pytest.mark.parametrize(
    ("role", "there", "not_there"),
    [
        ("admin", ["/admin/", "/admin/audit", "/account/"], ["/desk/"]),
        ("auditor", ["/admin/", "/admin/audit", "/account/"], []),
        ("expert", ["/account/"], ["/admin/", "/admin/audit", "/desk/"]),
    ],
)
def test_whoever_is_signed_in_sees_where_they_work_and_nothing_else(
    session: Session, client: FlaskClient, role: str, there: list[str], not_there: list[str]
) -> None:
    sign_in(client, make_person(role))
    page = client.get("/").text
    for path in there:
        assert f'href="{path}"' in page
    for path in not_there:
        assert f'href="{path}"' not in page


@pytest.mark.parametrize("role", ["admin", "auditor", "duty_officer", "focal_point", "vetter"])
def test_no_way_leads_nowhere(session: Session, client: FlaskClient, role: str) -> None:
    sign_in(client, make_person(role))
    page = client.get("/").text
    main = page[page.index("<main") : page.index("</main")]
    for path in {piece.split('"')[0] for piece in main.split('href="')[1:]} - {"#main-content"}:
        if path.startswith("/"):
            assert client.get(path).status_code in {200, 302}, path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/privacy", "/login", "/reset"])
def test_public_pages_open_in_all_languages(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


def test_pages_have_no_inline_scripts_styles_or_handlers(
    session: Session, client: FlaskClient
) -> None:
    sign_in(client, make_person("admin", "auditor"))
    for path in ("/", "/privacy", "/admin/", "/admin/users/", "/admin/users/new", "/account/"):
        page = client.get(path).text
        assert " style=" not in page, path
        assert "<script>" not in page
        assert " onclick=" not in page
