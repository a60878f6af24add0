"""What a change of many would do is seen on a phone without moving the page or a table sideways."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.dispatch.conftest import SignIn
from tests.browser.languages import EACH_LANGUAGE
from tests.browser.roster.conftest import Look
from tests.factories import make_expert, make_user
from tests.roster.files import AMINA, person, write

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONG = "amina.haddad-al-khatib.of.the.registry@offices.example.org"
CELLS = ".app-differences :is(th, td), .app-reasons :is(th, td)"
EDGES = "all => all.map(one => [one.getBoundingClientRect(), one.scrollWidth - one.clientWidth])"


@pytest.fixture
def vetters_page(phone_page: Page, session: Session, sign_in: SignIn) -> Page:
    """The phone of a vetter, beside an expert with a long address."""
    make_expert(session, name="Amina Haddad", email=LONG, skills={"BCP": 2, "CIR": 3})
    sign_in(phone_page, make_user(session, "vetter", name="Rana Aziz"))
    return phone_page


@EACH_LANGUAGE
def test_before_and_after_are_in_sight_on_a_phone(
    vetters_page: Page, site: str, look: Look, tmp_path: Path, language: str
) -> None:
    page = vetters_page
    page.goto(f"{site}/roster/bulk/?lang={language}")
    rows = ({**AMINA, "email": LONG}, person(8, country="Nowhere"), person(9, phone="+41225559999"))
    page.locator("input[type=file]").set_input_files(write(tmp_path / "new.csv", *rows))
    page.locator("form:has(input[type=file]) button").first.click()
    expect(page.locator(".app-differences")).to_contain_text("Person 9")
    for box, cut_off in page.locator(CELLS).evaluate_all(EDGES):
        assert box["left"] >= 0
        assert box["right"] <= 390
        assert cut_off <= 0
    assert look(page, f"bulk-{language}", page.url.removeprefix(site)) == []
