"""The expert's own page on a phone: told, tapped, typed; in six languages without a fault."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.accounts.models import User
from core.clock import now
from core.db import db, writing
from dispatch import messages
from dispatch.me import feed_address
from roster.models import Expert
from roster.registrar import presence, profile
from roster.rules.terms import Hours
from tests.browser.dispatch.conftest import SignIn
from tests.browser.languages import EACH_LANGUAGE
from tests.factories import make_user
from tests.stories.story import Story

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.timeout(240),
]
PAGES = (
    "", "/availability", "/hours", "/limits", "/place?where=San+Jose", "/channels", "/data",
    "/withdraw", "/erase",
)  # fmt: skip


def account_of(name: str) -> User:
    """The account of the expert called `name`."""
    user = make_user(db.session(), "expert", name=name)
    with writing() as session:
        session.query(Expert).filter_by(name=name).one().user_id = user.id
    return user


def fill_in(name: str) -> None:
    """A calendar with something of everything, and a message."""
    with writing() as session:
        expert, moment = session.query(Expert).filter_by(name=name).one(), now()
        by: dict[str, Any] = {"actor": "system", "now": moment}
        first = (moment + timedelta(days=3)).date()
        presence.add_absence(session, expert, first, first + timedelta(days=4), "Семья", **by)
        hours = [Hours(day, *span) for day in range(5) for span in ((540, 750), (840, 1080))]
        profile.set_weekly_hours(session, expert, hours, **by)
        profile.set_quiet_hours(session, expert, (1320, 390), **by)
        profile.set_present_place(session, expert, "Nairobi", -1.28, 36.82, **by)
        feed_address.renew(session, expert, **by)
        messages.send_test_text(session, expert, moment)


def test_an_expert_runs_their_own_page(
    phone_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    story.experts("Anna", "Boris")
    case = story.crisis(summary="Ransomware on all servers.")
    page = phone_page
    sign_in(page, account_of("Anna"))
    page.goto(f"{site}/me")
    expect(page.get_by_text("You are being asked now")).to_be_visible()
    page.get_by_role("button", name="Yes, I am coming").click()
    expect(page.get_by_text("Call now:")).to_be_visible()
    page.goto(f"{site}/me")
    page.get_by_role("button", name="Done: my work is finished").click()
    expect(page.get_by_text("you are free again")).to_be_visible()
    page.get_by_role("link", name="When I can be asked").click()
    page.get_by_text("Add an absence").click()
    page.get_by_label("First day away").fill(f"{now():%Y-%m-%d}")
    page.get_by_role("button", name="Add the absence").click()
    expect(page.get_by_text("You are away until you say that you are back")).to_be_visible()
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_text("You can be asked now")).to_be_visible()
    page.get_by_role("link", name="Change weekly hours").click()
    page.get_by_label("Friday").fill("22:00-06:00")
    page.get_by_role("button", name="Save the weekly hours").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("goes over midnight")
    page.goto(f"{site}/me/place")
    page.get_by_label("Town, or coordinates").fill("Nairobi")
    page.get_by_role("button", name="Show it on the map").click()
    page.get_by_role("button", name="Yes, I am here").click()
    expect(page.get_by_text("distances are counted from Nairobi")).to_be_visible()
    assert case.ladder == ["accepted"]


def test_it_works_without_scripts(
    plain_page: Page, site: str, story: Story, sign_in: SignIn
) -> None:
    story.experts("Anna")
    sign_in(plain_page, account_of("Anna"))
    plain_page.goto(f"{site}/me/limits")
    plain_page.get_by_label("By travelling there").uncheck()
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.get_by_text("Saved.")).to_be_visible()
    plain_page.get_by_role("link", name="Month after").click()
    expect(plain_page.locator(".app-month caption")).to_be_visible()


@EACH_LANGUAGE
def test_in_six_languages_it_fits_a_phone(
    *,
    phone_page: Page,
    site: str,
    story: Story,
    sign_in: SignIn,
    axe: Callable[[Page], list[str]],
    shoot: Callable[[Page, str], Path],
    language: str,
) -> None:
    story.experts("Anna", "Boris")
    story.crisis(experts_needed=1)
    fill_in("Anna")
    sign_in(phone_page, account_of("Anna"))
    faults = []
    for path in PAGES:
        mark = "&" if "?" in path else "?"
        phone_page.goto(f"{site}/me{path}{mark}lang={language}")
        name = path.partition("?")[0].strip("/") or "overview"
        shoot(phone_page, f"me-{name}-{language}")
        width = phone_page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{name}: {fault}" for fault in axe(phone_page)]
        faults += [f"{name}: {width} px wide"] if width > 390 else []
    assert faults == []
