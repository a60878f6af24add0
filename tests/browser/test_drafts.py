"""What was typed into the crisis form outlives a lost page and a lost line, and no success."""

import json

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORM = "/crisis/new"
DRAFT = "Object.keys(localStorage).filter(key => key.startsWith('draft:'))"

# Not wait_for_function: that evaluates a string in the page, which its content policy forbids.
UNTIL_KEPT = f"""() => new Promise(done => {{
  const look = () => {DRAFT}.length ? done() : setTimeout(look, 20); look();
}})"""


def type_into(page: Page, words: str) -> None:
    page.locator("textarea[name=summary]").fill(words)
    page.locator("input[name=severity]").nth(1).check()
    page.locator("select[name=office]").select_option(index=3)
    page.evaluate(UNTIL_KEPT)


def kept(page: Page) -> dict[str, str]:
    """The draft on this device: field names and values."""
    found = page.evaluate(f"localStorage.getItem({DRAFT}[0])")
    return dict(json.loads(found)["values"])


def test_a_page_that_was_lost_comes_back_as_it_was(phone_page: Page, site: str) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    office = phone_page.locator("select[name=office]").input_value()
    phone_page.goto(site + FORM)
    expect(phone_page.locator("textarea[name=summary]")).to_have_value("Water in the archive")
    expect(phone_page.locator("input[name=severity]").nth(1)).to_be_checked()
    expect(phone_page.locator("select[name=office]")).to_have_value(office)


def test_a_second_sending_after_a_lost_line_is_the_same_submission(
    phone_page: Page, site: str
) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    before = phone_page.locator("input[name=submission]").input_value()
    phone_page.route("**/crisis/**", lambda route: route.abort())
    phone_page.locator("main form button").last.click()
    phone_page.unroute("**/crisis/**")
    phone_page.goto(site + FORM)
    expect(phone_page.locator("textarea[name=summary]")).to_have_value("Water in the archive")
    assert phone_page.locator("input[name=submission]").input_value() == before


def test_a_form_that_was_not_sent_is_a_new_submission(phone_page: Page, site: str) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    before = phone_page.locator("input[name=submission]").input_value()
    phone_page.goto(site + FORM)
    assert phone_page.locator("input[name=submission]").input_value() != before


def test_answers_that_need_another_look_keep_what_was_typed(phone_page: Page, site: str) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    phone_page.locator("main form button").last.click()
    expect(phone_page.locator(".govuk-error-summary")).to_be_focused()
    expect(phone_page.locator("textarea[name=summary]")).to_have_value("Water in the archive")
    assert kept(phone_page)["summary"] == "Water in the archive"


def test_what_has_arrived_is_forgotten(phone_page: Page, site: str) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    phone_page.locator("input[name=kind]").first.check()
    phone_page.locator("input[name=contact_name]").fill("Ines")
    phone_page.locator("input[name=contact_phone]").fill("+12025550180")
    phone_page.locator("main form button").last.click()
    expect(phone_page.locator("form[data-keep]")).to_have_count(0)
    assert phone_page.evaluate(DRAFT) == []


def test_no_token_is_kept(phone_page: Page, site: str) -> None:
    phone_page.goto(site + FORM)
    type_into(phone_page, "Water in the archive")
    assert "csrf_token" not in kept(phone_page)
    assert "summary" in kept(phone_page)
