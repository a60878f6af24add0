"""An application in Arabic, on a phone, without scripts, from the first page to the thanks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.models import Certificate, Expert, Paper
from tests.roster.test_papers import A_PDF

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Axe = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], Path]
SAVE = "button[name=save]"


class Story:
    """One page after the other, each without a fault and with its picture.

    The faults are looked for in a second browser, under the same link: axe is a script.
    """

    def __init__(self, page: Page, reader: Page, axe: Axe, shoot: Shoot) -> None:
        self.page, self._reader, self._axe, self._shoot = page, reader, axe, shoot

    def look(self, name: str) -> None:
        """Nothing is wrong with the page as it stands."""
        expect(self.page.locator("html")).to_have_attribute("dir", "rtl")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, name
        self._shoot(self.page, f"apply-ar-{name}")
        mark = "&" if "?" in self.page.url else "?"
        self._reader.goto(f"{self.page.url}{mark}lang=ar")
        assert self._axe(self._reader) == [], name

    def fill(self, **typed: str) -> None:
        """Types into fields by their names."""
        for name, words in typed.items():
            self.page.locator(f"[name={name}]").fill(words)

    def check(self, *pairs: tuple[str, str]) -> None:
        """Ticks choices."""
        for name, value in pairs:
            self.page.locator(f"input[name={name}][value='{value}']").check()

    def save(self, name: str = "") -> None:
        """Looks at the page, and goes on."""
        if name:
            self.look(name)
        self.page.locator(SAVE).click()


@pytest.fixture
def story(plain_page: Page, phone_page: Page, axe: Axe, shoot: Shoot) -> Story:
    """The phone of somebody who reads Arabic."""
    return Story(plain_page, phone_page, axe, shoot)


def tell_who_and_where(story: Story) -> None:
    story.fill(name="أمينة أوتينو", phone="12")
    story.save()
    story.look("person-fault")
    expect(story.page.locator("#name")).to_have_value("أمينة أوتينو")
    story.fill(phone="+254 712 345 678")
    story.save()
    story.fill(place="نيروبي")
    story.save("base")
    story.look("map")
    story.page.locator("input[name=which]").first.check()
    story.save()


def tell_skills(story: Story) -> None:
    story.check(("spoken", "ar"), ("spoken", "en"))
    story.save("languages")
    story.check(("skills", "BCP"), ("skills", "RRC"))
    story.save("skills")
    story.check(("level_BCP", "2"), ("level_RRC", "3"))
    story.fill(evidence_BCP="كتبت خطتين.", evidence_RRC="أعدت بناء سجل بعد فيضان.")
    story.save("levels")


def send_papers(story: Story, paper: Path) -> None:
    paper.write_bytes(A_PDF)
    story.fill(name="CBCI", issuer="BCI", expires_on="2029-05-31")
    story.page.locator("[name=skill]").select_option("BCP")
    story.page.locator("[name=file]").set_input_files(paper)
    story.save("certificate")
    story.look("certificates")
    story.page.locator("a.govuk-button").click()
    story.page.locator("[name=file]").set_input_files(paper)
    story.save("cv")
    story.look("cv-sent")
    story.page.locator("a.govuk-button").click()


def tell_the_rest(story: Story) -> None:
    story.check(("modes", "remote"), ("scope", "regional"), ("max_missions", "1"))
    story.save("work")
    story.fill(places="أوغندا", outside="لا شيء")
    story.save("conflicts")
    for number, name in (("1", "Jo"), ("2", "Sam")):
        story.fill(**{
            f"name_{number}": name, f"email_{number}": f"{name.lower()}@referee.example",
            f"organisation_{number}": "KIPI", f"relation_{number}": "زميل",
        })  # fmt: skip
    story.save("referees")
    story.check(("data", "y"), ("conduct", "y"))
    story.save("consent")


@pytest.mark.timeout(300)
def test_in_arabic_on_a_phone_without_scripts(
    story: Story, site: str, session: Session, tmp_path: Path
) -> None:
    page = story.page
    page.goto(f"{site}/apply?lang=ar")
    story.look("start")
    page.locator("#email").fill("amina@example.org")
    page.locator("button[name=begin], input[name=begin]").click()
    story.look("list")
    page.locator("a.govuk-button").click()
    tell_who_and_where(story)
    tell_skills(story)
    send_papers(story, tmp_path / "شهادة.pdf")
    tell_the_rest(story)
    story.look("check")
    page.locator("main form button").click()
    story.look("thanks")
    session.rollback()
    [expert] = session.scalars(select(Expert))
    assert (expert.name, expert.language, expert.country) == ("أمينة أوتينو", "ar", "KE")
    assert [row.code for row in expert.conflicts] == ["UG"]
    [certificate] = session.scalars(select(Certificate))
    assert certificate.paper is not None
    names = [paper.file_name for paper in session.scalars(select(Paper))]
    assert names == ["شهادة.pdf"] * 2
