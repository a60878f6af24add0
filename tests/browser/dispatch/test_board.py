"""The duty board in a browser: it lives, and takes nothing away from whoever works on it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dispatch.conftest import SignIn
from tests.conftest import forget
from tests.stories.story import Story

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_new_request_appears_by_itself(
    desk_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    anna, boris = story.experts("Anna", "Boris")
    page = desk_page
    sign_in(page, story.officer)
    page.goto(f"{site}/desk/")
    expect(page.get_by_text("No office is asking for help.")).to_be_visible()
    case = story.crisis()
    row = page.get_by_role("row").filter(has_text=case.seen["number"])
    expect(row).to_contain_text("Anna")
    expect(row.locator("time[data-countdown]")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(page.locator(".app-map__mark--crisis-1")).to_be_visible()
    anna.expect_text("1 ")
    anna.decline()
    story.work()
    expect(row).to_contain_text("Boris")
    boris.expect_text("1 ")
    boris.accept()
    story.work()
    expect(row).to_contain_text("Expert found")


def test_nothing_is_taken_from_under_the_fingers(
    desk_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    anna, _boris = story.experts("Anna", "Boris")
    case = story.crisis()
    page = desk_page
    sign_in(page, story.officer)
    page.goto(f"{site}/desk/{case.ref}")
    page.get_by_text("Withdraw: Anna").click()
    reason = page.locator("#case").get_by_label("Reason").locator("visible=true")
    reason.fill("Her phone is o")
    anna.expect_text("1 ")
    anna.decline()
    story.work()
    expect(page.locator("#case-held")).to_be_visible()
    reason.press_sequentially("ff")
    expect(reason).to_have_value("Her phone is off")
    expect(page.locator(".app-ladder")).not_to_contain_text("Boris")
    reason.fill("")
    reason.blur()
    page.get_by_text("Withdraw: Anna").click()
    expect(page.locator(".app-ladder")).to_contain_text("Boris")
    expect(page.locator("#case-held")).to_be_hidden()


def test_an_open_history_stays_open_and_grows(
    desk_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    anna, _boris = story.experts("Anna", "Boris")
    case = story.crisis()
    page = desk_page
    sign_in(page, story.officer)
    page.goto(f"{site}/desk/{case.ref}")
    page.get_by_text("Everything that happened").click()
    history = page.locator(".app-timeline")
    expect(history).to_be_visible()
    anna.expect_text("1 ")
    anna.decline()
    story.work()
    expect(history).to_contain_text("Declined")
    expect(history).to_be_visible()


def test_a_chosen_expert_is_asked_and_the_reason_kept(
    desk_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    _anna, _boris, clara = story.experts("Anna", "Boris", "Clara")
    case = story.crisis()
    page = desk_page
    sign_in(page, story.officer)
    page.goto(f"{site}/desk/{case.ref}")
    page.get_by_label("Reason for choosing Clara").fill("She built that system")
    page.get_by_role("button", name=re.compile("Offer.*Clara")).click()
    expect(page.locator("#case")).to_contain_text("Chosen because: She built that system")
    forget()  # the officer pressed after this test last looked at the clock
    story.work()
    assert len(clara.texts) == 1


def test_the_map_has_land_and_marks(
    desk_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    story.expert("Anna", 1)
    case = story.crisis()
    sign_in(desk_page, story.officer)
    desk_page.goto(f"{site}/desk/{case.ref}")
    land = desk_page.locator(".app-map__svg use")
    desk_page.wait_for_function("document.querySelector('.app-map__svg use').getBBox().width > 500")
    expect(land).to_have_count(1)
    expect(desk_page.locator(".app-map__mark--crisis")).to_be_visible()
    expect(desk_page.locator(".app-map__mark--open")).to_be_visible()
