"""The second step of signing in and the list of sessions, seen as people see them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from core.accounts import codes
from core.clock import now
from tests.core.people import GOOD, make_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Axe = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], Path]


def code_now(app: Flask, secret: str) -> str:
    with app.app_context():
        return codes.code_of(f'{{"key":"{secret.replace(" ", "")}","type":"totp","v":1}}', now())


def test_a_vetter_sets_the_app_up_and_sees_where_they_are_signed_in(
    app: Flask, session: Session, site: str, *, page: Page, axe: Axe, shoot: Shoot
) -> None:
    page.goto(f"{site}/login")
    page.fill("#email", make_person("vetter"))
    page.fill("#password", GOOD)
    page.click("main form button")
    shoot(page, "second-step-app")
    assert axe(page) == []
    picture = page.locator(".app-qr svg").bounding_box()
    assert picture
    assert picture["width"] >= 200
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    page.fill("#code", "000000")
    page.click("main form button")
    shoot(page, "second-step-wrong")
    assert axe(page) == []
    page.fill("#code", code_now(app, page.locator(".app-secret").inner_text()))
    page.click("main form button")
    shoot(page, "second-step-recovery")
    assert axe(page) == []
    assert page.locator(".app-codes li").count() == 10
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.click("main .govuk-button")
    for path in ("/account/second-step", "/account/sessions", "/account/"):
        page.goto(f"{site}{path}")
        shoot(page, f"account{path.replace('/', '-')}")
        assert axe(page) == []
    page.click("main form .govuk-button--secondary")
    page.goto(f"{site}/login")
    page.fill("#email", "vetter@office.test")
    page.fill("#password", GOOD)
    page.click("main form button")
    page.click("main summary")
    shoot(page, "second-step-code")
    assert axe(page) == []
