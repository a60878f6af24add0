"""Asking for help in a browser: in Arabic on a phone without scripts, and with all comfort."""

import re

import pytest
from playwright.sync_api import Page, expect

from dispatch.models import CrisisRequest
from tests.browser.dispatch.conftest import SignIn
from tests.dispatch.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def filed(world: World) -> list[CrisisRequest]:
    return world.session.query(CrisisRequest).order_by(CrisisRequest.id).all()


def fill_in(page: Page) -> None:
    page.locator("#office").select_option("UA")
    page.locator("input[name=kind][value=CYB]").check()
    page.locator("input[name=severity][value='1']").check()
    page.locator("#summary").fill("تم تشفير جميع الخوادم")
    page.locator("#contact_name").fill("أولينا")
    page.locator("#contact_phone").fill("+380 44 123 45 67")


def test_in_arabic_on_a_phone_without_scripts(plain_page: Page, site: str, world: World) -> None:
    page = plain_page
    page.goto(f"{site}/crisis/new?lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#office option[value=UA]")).to_have_text("أوكرانيا")
    page.locator("button[name=send]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.locator(".govuk-error-summary a[href='#summary']").click()
    expect(page.locator("#summary")).to_be_in_viewport()
    fill_in(page)
    page.locator("summary.govuk-details__summary").click()
    page.locator("#experts_needed").fill("٢")
    page.locator("button[name=send]").click()
    expect(page).to_have_url(re.compile(r"/crisis/[a-z2-7]{26}\?key="))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#live")).to_be_visible()
    [request] = filed(world)
    assert (request.status, request.language, request.slots) == ("awaiting_confirmation", "ar", 2)
    assert request.summary == "تم تشفير جميع الخوادم"


def test_with_scripts_a_refused_form_leads_to_the_first_fault(
    phone_page: Page, site: str, world: World
) -> None:
    page = phone_page
    page.goto(f"{site}/crisis/new")
    fill_in(page)
    page.locator("#contact_phone").fill("12")
    page.get_by_role("button", name="Ask for help").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.locator("#contact_phone")).to_be_focused()
    expect(page.locator("#contact_name")).to_have_value("أولينا")
    assert filed(world) == []


def test_an_impatient_thumb_files_once(phone_page: Page, site: str, world: World) -> None:
    page = phone_page
    page.goto(f"{site}/crisis/new")
    fill_in(page)
    page.get_by_role("button", name="Ask for help").dblclick()
    expect(page.get_by_text("A duty officer will call you")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_text("A duty officer will call you")).to_be_visible()
    assert len(filed(world)) == 1


def test_a_focal_point_sees_who_comes_as_soon_as_they_say_so(
    phone_page: Page, site: str, world: World, sign_in: SignIn
) -> None:
    [expert] = world.experts(1)
    page = phone_page
    sign_in(page, world.focal_point())
    page.goto(f"{site}/crisis/new")
    fill_in(page)
    page.locator("summary.govuk-details__summary").click()
    page.get_by_label("Languages that the expert should speak").fill("English, Russian")
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_text("We are asking experts now")).to_be_visible()
    expect(page.get_by_text("an expert, within 250 km")).to_be_visible()
    expect(page.locator("time[data-countdown]")).to_have_text(re.compile(r"^\d{1,2}:\d\d$"))
    assert expert.name not in page.content()
