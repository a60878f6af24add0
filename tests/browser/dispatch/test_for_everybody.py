"""The doors of dispatch in six languages: no fault that axe finds, nothing wider than a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from core.i18n import LANGUAGES
from core.links import sign
from tests.browser.conftest import Look
from tests.browser.dispatch.conftest import SignIn
from tests.browser.dispatch.test_answering import link_in
from tests.browser.languages import EACH_LANGUAGE
from tests.stories.story import Story

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.timeout(240),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_sees(phone_page: Page, story: Story, look: Look, language: str) -> None:
    anna, boris = story.experts("Anna", "Boris")
    case = story.crisis(experts_needed=2)
    boris.expect_text("1 ")
    boris.accept()
    story.work()
    key, lang = sign("crisis", case.ref), f"lang={language}"
    faults = []
    for name, path in (
        ("form", f"/crisis/new?{lang}"),
        ("offer", f"{link_in(anna.texts[0].body)}?{lang}"),
        ("offer-accepted", f"{link_in(boris.texts[0].body)}?{lang}"),
        ("status", f"/crisis/{case.ref}?key={key}&{lang}"),
    ):
        faults += look(phone_page, f"{name}-{language}", path)
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_form(
    phone_page: Page, site: str, axe: Callable[[Page], list[str]], language: str
) -> None:
    phone_page.goto(f"{site}/crisis/new?lang={language}")
    phone_page.locator("summary.govuk-details__summary").click()
    phone_page.locator("#place").fill("Nowhere-on-Sea")
    phone_page.locator("button[name=send]").click()
    phone_page.locator(".govuk-error-summary").wait_for()
    assert axe(phone_page) == []


@EACH_LANGUAGE
def test_what_staff_and_offices_see(
    page: Page, story: Story, look: Look, sign_in: SignIn, language: str
) -> None:
    story.experts("Anna", "Boris", "Clara")
    case = story.crisis()
    story.world.file_as(None, contact_phone="+12025550177")
    sign_in(page, story.officer)
    faults = []
    for name, path in (
        ("board", "/desk/"), ("case", f"/desk/{case.ref}"), ("own", f"/crisis/{case.ref}"),
        ("change", f"/crisis/{case.ref}/change"), ("cancel", f"/crisis/{case.ref}/cancel"),
    ):  # fmt: skip
        faults += look(page, f"{name}-{language}", f"{path}?lang={language}")
    assert faults == []
