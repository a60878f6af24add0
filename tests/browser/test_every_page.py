"""What the layout promises on every page: readable, reachable, in both directions, and light."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from core.i18n import LANGUAGES

# How a page looks has nothing to do with where its rows are.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Axe = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], Path]


@pytest.mark.parametrize("path", ["/", "/privacy", "/login", "/no-such-page"])
def test_pages_have_no_fault_that_axe_finds(page: Page, site: str, path: str, axe: Axe) -> None:
    page.goto(site + path)
    assert axe(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language_and_fits_a_phone(
    phone_page: Page, site: str, language: str, shoot: Shoot
) -> None:
    phone_page.goto(f"{site}/privacy?lang={language}")
    root = phone_page.locator("html")
    expect(root).to_have_attribute("lang", language)
    expect(root).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(phone_page, f"privacy-{language}")


def test_arabic_begins_at_the_right(desk_page: Page, site: str) -> None:
    desk_page.goto(f"{site}/privacy?lang=ar")
    box = desk_page.locator(".app-bar__name").bounding_box()
    assert box is not None
    assert box["x"] > 640


def test_the_language_stays_and_so_does_the_page(desk_page: Page, site: str) -> None:
    desk_page.goto(f"{site}/privacy?key=1")
    desk_page.get_by_role("link", name="Français").click()
    expect(desk_page).to_have_url(f"{site}/privacy?key=1&lang=fr")
    desk_page.goto(f"{site}/privacy")
    expect(desk_page.locator("html")).to_have_attribute("lang", "fr")


def test_the_first_tab_leads_past_the_bar(desk_page: Page, site: str) -> None:
    desk_page.goto(site)
    desk_page.keyboard.press("Tab")
    expect(desk_page.locator(".govuk-skip-link")).to_be_focused()
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#main-content")).to_be_focused()


def test_a_lost_page_prints_the_emergency_number(desk_page: Page, site: str) -> None:
    response = desk_page.goto(f"{site}/no-such-page")
    assert response is not None
    assert response.status == 404
    expect(desk_page.locator("main")).to_contain_text("+41 22 555 01 00")


def test_what_is_built_travels_compressed_and_is_kept(desk_page: Page, site: str) -> None:
    answers: list[Response] = []
    desk_page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it is marked
    desk_page.goto(site)
    built = [answer for answer in answers if "/static/build/" in answer.url]
    assert len(built) >= 2
    for answer in built:
        headers = answer.all_headers()
        assert headers["content-encoding"] == "gzip"
        assert "immutable" in headers["cache-control"]
