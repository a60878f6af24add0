"""Who is signed in at the roster's doors, and what is wrong with a page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.dispatch.conftest import sign_in

__all__ = ["look", "sign_in"]
Look = Callable[[Page, str, str], list[str]]


@pytest.fixture
def look(site: str, axe: Callable[[Page], list[str]], shoot: Callable[[Page, str], Path]) -> Look:
    """`look(page, name, path)`: what is wrong there; takes a picture, too."""

    def at(page: Page, name: str, path: str) -> list[str]:
        page.goto(site + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        room = (page.viewport_size or {"width": 0})["width"]
        shoot(page, name)
        wide = [f"{width} px wide"] if width > room else []
        return [f"{name}: {fault}" for fault in (*axe(page), *wide)]

    return at
