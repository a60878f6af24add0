"""Where nothing is to be shown, a page says why, and what to do."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_user
from tests.roster.casebook import make_applicant, open_case
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Visit = Callable[..., Visitor]


def test_a_queue_without_cases_says_where_they_come_from(session: Session, visit: Visit) -> None:
    hr = visit(make_user(session, "vetter"))
    page = hr.get("/vetting/?lang=en")
    assert "There is no open case. One opens by itself when somebody applies" in words_of(page)
    assert 'href="/apply"' in page.text
    assert "Show the keys" not in words_of(page)
    open_case(session, make_applicant(session))
    page = hr.get("/vetting/?owner=mine")
    assert "No case matches. Take a filter away. Show all open cases" in words_of(page)
    assert "Show the keys" in words_of(hr.get("/vetting/"))


def test_an_empty_roster_says_how_experts_come(session: Session, visit: Visit) -> None:
    hr = visit(make_user(session, "vetter"))
    page = hr.get("/roster/?lang=en")
    assert "Nobody is here yet. Experts apply by a form" in words_of(page)
    assert 'href="/nominate"' in page.text
    assert "Nobody matches. Take a filter away. Show everybody" in words_of(
        hr.get("/roster/?text=zzzz")
    )
