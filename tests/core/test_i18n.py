"""Which of the six languages a reader gets, and which way it runs."""

import pytest
from flask.testing import FlaskClient

from core.i18n import LANGUAGES, nearest_language, text_direction


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_can_be_asked_for_and_is_remembered(
    client: FlaskClient, language: str
) -> None:
    direction = "rtl" if language == "ar" else "ltr"
    marked = f'<html lang="{language}" dir="{direction}"'
    assert marked in client.get(f"/?lang={language}").text
    assert marked in client.get("/privacy").text


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("ar-EG", "ar"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("zh-TW", "zh"),
        ("de, it", "en"),
        ("es-419,es;q=0.9", "es"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_without_a_wish_the_browser_is_asked(
    client: FlaskClient, accepted: str, given: str
) -> None:
    page = client.get("/", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{given}"' in page


def test_the_wish_comes_before_the_browser(client: FlaskClient) -> None:
    client.get("/?lang=ru")
    assert '<html lang="ru"' in client.get("/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize("wish", ["de", "xx", "<script>", "../../etc", "en_US", ""])
def test_a_language_that_we_do_not_have_changes_nothing(client: FlaskClient, wish: str) -> None:
    page = client.get("/", query_string={"lang": wish}).text
    assert '<html lang="en" dir="ltr"' in page


def test_whoever_speaks_another_language_is_written_to_in_the_nearest() -> None:
    assert nearest_language("fr-CA") == "fr"
    assert nearest_language("pt") == "en"
    assert text_direction("ar") == "rtl"
