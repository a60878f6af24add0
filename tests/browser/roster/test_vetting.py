"""A new vetter's day in a browser: from an application to listed in IP-ROC, from the keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from core import clock, links
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.models import VettingCase
from roster.rules import stages
from tests.browser.conftest import DESK, PHONE, Look, open_page
from tests.browser.dispatch.conftest import SignIn
from tests.browser.languages import EACH_LANGUAGE
from tests.conftest import forget
from tests.factories import make_user
from tests.roster.casebook import decide, examine, find, make_applicant, open_case

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.timeout(240),
]


LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Abdulrahmanovskaya y Fernández de Córdoba"
Axe = Callable[[Page], list[str]]
Faults = Callable[..., list[str]]


def vetter(session: Session, name: str) -> User:
    return make_user(session, "vetter", name=name)


def record(page: Page, fold: str, **typed: str) -> None:
    """Unfolds a form of the case page and records a finding."""
    page.locator("summary", has_text=fold).first.click()
    form = page.locator("details[open] form").first
    for legend, choice in typed.items():
        form.get_by_role("group", name=legend).get_by_label(choice, exact=True).check()
    form.get_by_label("What it rests on").fill("Seen with my own eyes.")
    form.get_by_role("button", name="Record the finding").click()
    expect(page.locator("details[open] form")).to_have_count(0)


def test_from_an_application_to_listed_in_ip_roc(
    browser: Browser, site: str, session: Session, sign_in: SignIn
) -> None:
    open_case(session, make_applicant(session, name="Aino Virtanen"))
    case = open_case(session, make_applicant(session, name="Noor Haddad", language="ar"))
    for page in open_page(browser, DESK):
        sign_in(page, vetter(session, "Rana Aziz"))
        find_by_keyboard(page, site)
        page.get_by_role("button", name="Take this case").click()
        expect(page.locator(".app-case-line")).to_contain_text("Rana Aziz")
        for stage in ("Completeness", "Eligibility", "Conflicts of interest", "Readiness"):
            record(page, f"Record a finding: {stage}", Result="Passed")
        record(page, "Business continuity", Result="Passed",
               **{"Level that you found": "led it in a real crisis"})  # fmt: skip
        record(page, "Record a finding: Interview", Result="Passed", **{"Your score": "4"})
        for number in (1, 2):
            ask_referee(page, f"referee{number}@example.org")
        hear_referees(browser, site, case)
        page.reload()
        expect(page.get_by_text("Recommends", exact=True)).to_have_count(2)
        record(page, "Record a finding: References", Result="Passed")
        expect(page.locator(".app-missing")).to_contain_text("two different interviewers")
        sign_in(page, vetter(session, "Second Interviewer"))
        page.reload()
        record(page, "Record a finding: Interview", Result="Passed", **{"Your score": "5"})
        expect(page.get_by_text("You have examined this case.")).to_be_visible()
        sign_in(page, vetter(session, "Third Person"))
        page.reload()
        page.locator("summary", has_text="Qualify").click()
        page.get_by_role("button", name="Qualify").click()
        expect(page.get_by_text("A mail says so, and leads to an account")).to_be_visible()
        page.get_by_role("link", name="Page of this person").click()
        page.locator("summary", has_text="List in IP-ROC").click()
        page.get_by_label("Reference in IP-ROC").fill("IPR-2031")
        page.get_by_role("button", name="List in IP-ROC").click()
        expect(page.get_by_text("Noor Haddad is listed in IP-ROC as IPR-2031.")).to_be_visible()
    forget()
    assert session.get_one(VettingCase, case.id).expert.status == "listed"


def hear_keys(page: Page) -> None:
    """Waits for the script to listen: a key that is pressed while it is on its way is lost."""
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Show the keys")).to_be_visible()


def find_by_keyboard(page: Page, site: str) -> None:
    """To the case without a mouse: keys are keys of the page, but not while somebody types."""
    page.goto(f"{site}/vetting/")
    rows = page.locator("[data-key-row]")
    hear_keys(page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_label("Name or e-mail")
    expect(search).to_be_focused()
    page.keyboard.type("hadd/jk?")
    expect(search).to_have_value("hadd/jk?")
    search.fill("hadd")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("1 found")
    hear_keys(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Noor Haddad")).to_be_visible()


def ask_referee(page: Page, email: str) -> None:
    page.locator("summary", has_text="Ask a referee").click()
    form = page.locator("form#referee")
    form.get_by_label("Name").fill("Ines Alvarez")
    form.get_by_label("E-mail").fill(email)
    form.get_by_role("button", name="Ask by mail").click()
    expect(page.get_by_text(email)).to_be_visible()


def hear_referees(browser: Browser, site: str, case: VettingCase) -> None:
    """Each opens the link on a phone, in the language in which they were asked, and answers."""
    forget()  # what this test has read is older than the vetter's clicks
    for reference in case.references:
        for page in open_page(browser, PHONE):
            page.goto(f"{site}/reference/{links.sign('reference', reference.public_id)}")
            expect(page.locator("html")).to_have_attribute("dir", "rtl")
            for name in ("known_for", "role", "strengths"):
                page.locator(f"textarea[name={name}]").fill("عشر سنوات")
            page.locator("input[name=recommends][value=yes]").check()
            page.locator("#send").click()
            expect(page.locator(".govuk-panel--confirmation")).to_be_visible()


def test_a_case_is_worked_through_from_the_keyboard(
    desk_page: Page, site: str, session: Session, sign_in: SignIn, axe: Axe
) -> None:
    case, page = open_case(session, make_applicant(session)), desk_page
    sign_in(page, vetter(session, "Rana Aziz"))
    page.goto(f"{site}/vetting/{case.public_id}")
    hear_keys(page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("open the form of the stage")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#stage-completeness")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("o")
    passed = page.locator("#stage-eligibility").get_by_label("Passed")
    expect(passed).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("just kidding, do undo")
    expect(page.locator("#stage-eligibility textarea").first).to_have_value("just kidding, do undo")
    for _field in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Eligibility, Passed.")).to_be_visible()
    expect(page.locator("#stage-eligibility")).to_be_focused()  # where the work goes on
    hear_keys(page)
    page.keyboard.press("d")
    expect(page.locator("#stage-decision")).to_be_focused()
    page.keyboard.press("u")
    expect(page).to_have_url(f"{site}/vetting/")


def test_without_scripts_the_queue_and_the_case_are_links_and_forms(
    plain_page: Page, site: str, session: Session, sign_in: SignIn
) -> None:
    case = open_case(session, make_applicant(session, name="Noor Haddad"))
    sign_in(plain_page, vetter(session, "Rana Aziz"))
    plain_page.goto(f"{site}/vetting/")
    expect(plain_page.get_by_text("Show the keys")).to_be_hidden()
    plain_page.get_by_role("link", name="Noor Haddad").click()
    record(plain_page, "Record a finding: Eligibility", Result="Failed")
    assert plain_page.url.endswith("#stage-eligibility")
    forget()
    assert [step.result for step in session.get_one(VettingCase, case.id).steps] == ["failed"]


def test_the_bar_and_the_foot_are_as_wide_as_a_wide_page(
    desk_page: Page, site: str, session: Session, sign_in: SignIn
) -> None:
    sign_in(desk_page, vetter(session, "Rana Aziz"))
    for path in ("/vetting/", "/coverage/", "/account/"):
        desk_page.goto(site + path)
        parts = [".app-bar__inner", "main", ".app-foot .govuk-width-container"]
        boxes = [desk_page.locator(part).bounding_box() for part in parts]
        edges = {(round(box["x"]), round(box["x"] + box["width"])) for box in boxes if box}
        assert len(boxes) == len(parts)
        assert len(edges) == 1, path


def test_keys_can_be_turned_off(
    desk_page: Page, site: str, session: Session, sign_in: SignIn
) -> None:
    open_case(session, make_applicant(session))
    sign_in(desk_page, vetter(session, "Rana Aziz"))
    desk_page.goto(f"{site}/vetting/")
    desk_page.get_by_role("button", name="Show the keys").click()
    desk_page.get_by_label("Turn these keys off on this device").check()
    desk_page.get_by_role("button", name="Close").click()
    desk_page.reload()
    hear_keys(desk_page)
    desk_page.keyboard.press("j")
    expect(desk_page.locator("[data-key-row]").first).not_to_be_focused()


@pytest.fixture
def paths(session: Session) -> dict[str, str]:
    """Pages with as much on them as there can be, by name."""
    first, second, third = (vetter(session, name) for name in ("Rana", "Sam", "Tomás"))
    for number in range(3):
        open_case(session, make_applicant(session, name=f"Applicant {number}"))
    busy = open_case(session, make_applicant(session, name=LONG_NAME, skills=["BCP", "LEG"]))
    examine(session, busy, first, second)
    find(session, busy, stages.ELIGIBILITY, second, stages.MORE_NEEDED, comment="Since when?")
    over = open_case(session, make_applicant(session, name="Bo Li"))
    find(session, over, stages.ELIGIBILITY, first, stages.FAILED)
    decide(session, over, third, qualified=False, reasons="Too few years.")
    fresh = open_case(session, make_applicant(session, name="Zoë"))
    with writing():
        now = clock.now(session)
        asked = registrar.ask_reference(
            session, fresh, "Ivan Petrov", "ivan@example.org", actor="x", now=now
        )
    return {
        "queue": "/vetting/",
        "case": f"/vetting/{busy.public_id}",
        "case-over": f"/vetting/{over.public_id}",
        "expert": f"/roster/{busy.expert.public_id}",
        "reference": f"/reference/{links.sign('reference', asked.public_id)}",
        "reference-thanks": f"/reference/{links.sign('reference', busy.references[0].public_id)}",
        "appeal": f"/appeal/{links.sign('appeal', over.public_id)}",
    }


@pytest.fixture
def faults_in(session: Session, sign_in: SignIn, look: Look, paths: dict[str, str]) -> Faults:
    """`faults_in(page, "ar", "queue", …)`: what is wrong with these pages in Arabic."""

    def find_faults(page: Page, language: str, *names: str) -> list[str]:
        sign_in(page, vetter(session, "Rana Aziz"))
        return [
            fault
            for name in names or paths
            for fault in look(page, f"vetting-{name}-{language}", f"{paths[name]}?lang={language}")
        ]

    return find_faults


@EACH_LANGUAGE
def test_no_page_has_a_fault_on_a_phone(phone_page: Page, faults_in: Faults, language: str) -> None:
    assert faults_in(phone_page, language, "queue", "case", "reference", "appeal") == []


def test_no_page_has_a_fault_on_a_desk(desk_page: Page, faults_in: Faults) -> None:
    assert [*faults_in(desk_page, "en"), *faults_in(desk_page, "ar")] == []


def test_a_refused_finding_leads_to_what_is_wrong_and_keeps_the_rest(
    desk_page: Page, site: str, session: Session, sign_in: SignIn, axe: Axe
) -> None:
    case, page = open_case(session, make_applicant(session)), desk_page
    sign_in(page, vetter(session, "Rana Aziz"))
    page.goto(f"{site}/vetting/{case.public_id}")
    page.locator("#stage-technical summary").first.click()
    form = page.locator("#stage-technical details[open] form")
    form.get_by_label("Comment, if any").fill("half a word")
    form.get_by_role("button", name="Record the finding").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert axe(page) == []
    page.locator(".govuk-error-summary a").first.click()
    expect(form.get_by_label("Passed")).to_be_focused()
    expect(form.get_by_label("Comment, if any")).to_have_value("half a word")
