"""No English and no codes are left on pages that somebody reads in another language."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.reference.models import Office
from tests.factories import make_user
from tests.roster.casebook import make_applicant, open_case
from tests.web.applicants import Applicant
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Visit = Callable[..., Visitor]


@pytest.mark.parametrize("page", ["person", "skills", "work", "consent", "conflicts"])
def test_the_hidden_word_before_a_fault_is_in_the_readers_language(app: Flask, page: str) -> None:
    applicant = Applicant(app)
    path = f"{applicant.link}{page}?lang=es"
    answer = applicant.visitor.post(path, page="/apply")
    assert answer.status_code == 422
    assert "Error:</span>" in answer.text, "which is Spanish, too"
    french = applicant.visitor.post(path.replace("=es", "=fr"), page="/apply")
    assert "Erreur" in french.text
    assert "Error:" not in french.text


def test_countries_and_offices_are_named_not_coded(session: Session, visit: Visit) -> None:
    assert session.get(Office, "AP") is not None
    expert = make_applicant(session, country="KE", base="Nairobi", conflicts=["UG", "AP"])
    case = open_case(session, expert)
    hr = visit(make_user(session, "vetter"))
    for path in (f"/vetting/{case.public_id}", f"/roster/{expert.public_id}"):
        page = words_of(hr.get(f"{path}?lang=fr"))
        assert "Nairobi, Kenya ·" in page
        assert "Ouganda" in page
        assert "AP" not in page.split()
    assert "Nairobi, Kenya" in words_of(hr.get("/roster/?lang=fr"))


def test_whoever_calls_somebody_reads_how_late_it_is_there(session: Session, visit: Visit) -> None:
    expert = make_applicant(session, time_zone="Asia/Kathmandu")
    case = open_case(session, expert)
    hr = visit(make_user(session, "vetter"))
    for path in (f"/vetting/{case.public_id}", f"/roster/{expert.public_id}"):
        before = clock.now(session)
        shown = words_of(hr.get(f"{path}?lang=en"))
        moments = {before, clock.now(session)}
        possible = {f"{one.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}" for one in moments}
        assert any(f"Asia/Kathmandu (now {one} there)" in shown for one in possible)


def test_lists_have_the_commas_of_the_readers_language(session: Session, visit: Visit) -> None:
    expert = make_applicant(session, languages=["en", "fr", "ar"])
    hr = visit(make_user(session, "vetter"))
    page = f"/roster/{expert.public_id}"
    assert "remote and on site" in words_of(hr.get(f"{page}?lang=en"))
    assert "العربية والإنجليزية والفرنسية" in words_of(hr.get("/roster/?lang=ar"))
