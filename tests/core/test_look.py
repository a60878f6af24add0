"""The layout links to where one is, in another language, and to nothing that is not there."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.look import in_language, is_served, read_digests, with_arguments

pytestmark = [
    pytest.mark.own_app,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_page_in_another_language_keeps_its_arguments(app: Flask) -> None:
    with app.test_request_context("/privacy?key=a%26b&lang=fr"):
        assert in_language("ru") == "?key=a%26b&lang=ru"


def test_no_path_can_turn_the_language_links_elsewhere(client: FlaskClient) -> None:
    page = client.get("//evil.example/%2e%2e", follow_redirects=True).text
    assert 'href="?lang=fr"' in page
    assert "evil.example" not in page


def test_the_answer_to_a_post_links_to_a_page_that_can_be_got(app: Flask) -> None:
    app.add_url_rule("/only-post", "only_post", lambda: "", methods=["POST"])
    with app.test_request_context("/only-post", method="POST"):
        assert in_language("es") == "/?lang=es"
    with app.test_request_context("/login", method="POST"):
        assert in_language("es") == "?lang=es"


def test_the_next_page_of_a_list_keeps_the_filters(app: Flask) -> None:
    with app.test_request_context("/roster/?skill=CYB&skill=NET&page=1"):
        assert with_arguments(page=2) == "?skill=CYB&skill=NET&page=2"


def test_pages_that_do_not_exist_are_not_linked(app: Flask) -> None:
    with app.app_context():
        assert is_served("pages.home")
        assert not is_served("pages.of_next_year")


def test_an_asset_has_an_address_of_its_own_content(app: Flask, client: FlaskClient) -> None:
    digests = json.loads((Path(str(app.static_folder)) / "build" / "manifest.json").read_text())
    assert f"/static/build/app.css?v={digests['app.css']}" in client.get("/").text
    assert f"app.rtl.css?v={digests['app.rtl.css']}" in client.get("/?lang=ar").text


def test_without_a_build_the_pages_are_served_all_the_same(database_url: str) -> None:
    assert read_digests(Path("/nowhere")) == {}


def test_no_page_has_inline_script_or_style(client: FlaskClient) -> None:
    for path in ("/", "/privacy", "/login", "/no-such-page"):
        page = client.get(path).text
        assert "style=" not in page
        assert "onclick" not in page
        assert "<script>" not in page
