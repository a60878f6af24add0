"""The coverage board in six languages, at a desk and on a phone: nothing that axe finds."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster.coverage.alerts import watch
from roster.models import Expert
from tests.browser.conftest import DESK, PHONE, Look
from tests.browser.dispatch.conftest import SignIn
from tests.browser.languages import EACH_LANGUAGE
from tests.factories import make_expert, make_user

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.timeout(240),
]
PEOPLE = (
    ("Amina Diallo", "Dakar", "AFR", 14.69, -17.44, ("BCP", "CIR"), ("fr", "en")),
    ("Wanjiru Kamau", "Nairobi", "AFR", -1.29, 36.82, ("CIR", "DRB"), ("en", "sw")),
    ("Layla Haddad", "Amman", "ARAB", 31.95, 35.93, ("BCP", "LEG", "RRC"), ("ar", "en")),
    ("Lucía Fernández", "Quito", "LAC", -0.18, -78.47, ("RRC", "LEG"), ("es",)),
    ("Jonas Berg", "Oslo", "TDC", 59.91, 10.75, ("CIR", "BCP"), ("en",)),
    ("Mei Lin", "Singapore", "ASPAC", 1.35, 103.82, ("DRB", "CIR", "FIN"), ("zh", "en")),
    ("Anne Moreau", "Lyon", "TDC", 45.76, 4.84, ("BCP", "LEG"), ("fr",)),
)


@pytest.fixture
def vetter(session: Session) -> User:
    """Whoever looks, when a few experts are on the roster and HR was told what is missing."""
    for name, base, region, lat, lon, skills, languages in PEOPLE:
        make_expert(
            session, name=name, base=base, region=region, lat=lat, lon=lon, skills=skills,
            languages=languages,
        )  # fmt: skip
    with writing():
        session.scalars(select(Expert).where(Expert.region == "LAC")).one().valid_until = (
            clock.now(session) + timedelta(days=40)
        ).date()
    watch(clock.now(session))
    return make_user(session, "vetter")


@EACH_LANGUAGE
def test_the_board_and_the_network_have_no_fault_that_axe_finds(
    desk_page: Page, vetter: User, sign_in: SignIn, look: Look, language: str
) -> None:
    sign_in(desk_page, vetter)
    faults: list[str] = []
    for size in (DESK, PHONE):
        desk_page.set_viewport_size(size)
        for name, path in (("coverage", "/coverage/"), ("network", "/coverage/network")):
            faults += look(desk_page, f"{name}-{language}", f"{path}?lang={language}")
    assert faults == []
