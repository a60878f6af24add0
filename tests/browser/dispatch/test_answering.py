"""From the text on the expert's phone to the name on the office's page, which turns by itself."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from core.links import sign
from tests.browser.conftest import PHONE, open_page
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LINK = re.compile(r"http://localhost(/offer/\w+)")


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[1]


def status_page(site: str, ref: str) -> str:
    return f"{site}/crisis/{ref}?key={sign('crisis', ref)}"


def test_a_yes_by_the_link_turns_the_status_page(
    browser: Browser, phone_page: Page, site: str, story: Story
) -> None:
    anna = story.expert("Anna", 1)
    case = story.crisis(summary="Ransomware on all servers.")
    office = phone_page
    office.goto(status_page(site, case.ref))
    expect(office.get_by_text("We are asking experts now")).to_be_visible()
    assert "Anna" not in office.content()
    # The page that renews itself holds nothing that one could type into.
    expect(office.locator("main input:visible, main textarea")).to_have_count(0)
    path = link_in(anna.texts[-1].body)
    for page in open_page(browser, PHONE):
        page.goto(site + path)
        expect(page.get_by_role("heading", name="Can you help?")).to_be_visible()
        expect(page.get_by_text("Ransomware on all servers.")).to_be_visible()
        page.get_by_role("button", name="Yes, I am coming").click()
        expect(page.get_by_text("Call now:")).to_be_visible()
    expect(office.get_by_role("heading", name="Anna")).to_be_visible()
    expect(office.locator("a[href^='tel:']").first).to_be_visible()
    expect(office.locator("#live-said")).to_contain_text("Help is on its way")
    story.work()
    assert case.status == "assigned"


def test_a_no_without_scripts_asks_the_next(plain_page: Page, site: str, story: Story) -> None:
    anna, boris = story.experts("Anna", "Boris")
    case = story.crisis()
    plain_page.goto(site + link_in(anna.texts[-1].body))
    plain_page.get_by_role("button", name="No, I cannot").click()
    expect(plain_page.get_by_text("The next expert is asked")).to_be_visible()
    story.work()
    assert case.ladder == ["declined", "open"]
    assert len(boris.texts) == 1
