"""A real Chromium at the width of a phone and of a desk, and what the tests see through it."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Rows that are cards on a phone, and reach beyond its edge all the same.
WIDE_CARDS = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
Look = Callable[[Page, str, str], list[str]]
AT_LAST_MS = 60_000  # as long as a busy machine may need; who waits for nothing loses nothing
expect.set_options(timeout=AT_LAST_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application of this test, served on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at the width of a phone, then of a desk; what goes wrong in it fails the test."""
    yield from open_page(browser, request.param)


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A page at the width of a phone only."""
    yield from open_page(browser, PHONE)


@pytest.fixture
def desk_page(browser: Browser) -> Iterator[Page]:
    """A page at the width of a desk only."""
    yield from open_page(browser, DESK)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page at the width of a phone in a browser without scripts."""
    yield from open_page(browser, PHONE, scripts=False)


def open_page(browser: Browser, size: ViewportSize, *, scripts: bool = True) -> Iterator[Page]:
    """A page in a profile of its own; faults of scripts and of the content policy fail the test."""
    faults: list[str] = []
    context = browser.new_context(
        viewport=size, locale="en-GB", timezone_id="UTC", java_script_enabled=scripts
    )
    context.set_default_timeout(AT_LAST_MS)
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        # An answer of 4xx, which a test may want, is an "error" to the console, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: the accessibility faults that axe-core finds, one line each."""
    source = AXE.read_text(encoding="utf-8")

    def find_faults(page: Page) -> list[str]:
        # Outside the page's own world: its content policy allows no foreign script, rightly.
        page.evaluate(f"() => {{ {source} }}")
        found = page.evaluate("rules => axe.run(document, rules)", RULES)
        return [
            f"{fault['id']} ({fault['impact']}): {fault['help']} at {node['target']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return find_faults


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """`shoot(page, "form-ar")`: a picture of the whole page in test-results, for people to see."""

    def save(page: Page, name: str) -> Path:
        width = (page.viewport_size or DESK)["width"]
        safe = re.sub(r"[^\w-]+", "-", f"{name}-{width}")
        path = RESULTS / f"{safe}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return save


@pytest.fixture
def look(site: str, axe: Callable[[Page], list[str]], shoot: Callable[[Page, str], Path]) -> Look:
    """`look(page, name, path)`: what is wrong there; takes a picture, too."""

    def at(page: Page, name: str, path: str) -> list[str]:
        page.goto(site + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        room = (page.viewport_size or {"width": 0})["width"]
        shoot(page, name)
        wide = [f"{width} px wide"] if width > room else []
        if page.locator(".app-scroll:has(> .app-cards)").evaluate_all(WIDE_CARDS):
            wide.append("a table reaches beyond the edge")
        return [f"{name}: {fault}" for fault in (*axe(page), *wide)]

    return at
