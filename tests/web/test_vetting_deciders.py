"""Before anybody records a finding, the page says who can no longer decide then, and who can."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.accounts.holders import holders
from core.db import writing
from roster.models import Nomination, VettingCase
from roster.rules import stages
from tests.factories import make_user
from tests.roster.casebook import examine, find, make_applicant, make_vetters, open_case
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Visit = Callable[..., Visitor]
BEFORE = "Whoever records a finding here, or a score in the interview, cannot decide this case."
FEW = "ask an administrator to make somebody else a vetter"


@pytest.fixture
def case(session: Session) -> VettingCase:
    applicant = make_applicant(session, name="Noor Haddad")
    with writing():
        for vetter in session.scalars(holders("vetter")):  # those of the factory are in the way
            vetter.active = False
    return open_case(session, applicant)


def page_of(visitor: Visitor, case: VettingCase) -> str:
    return words_of(visitor.get(f"/vetting/{case.public_id}"))


def test_it_is_said_above_the_stages_who_can_still_decide(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    first, second, third, fourth = make_vetters(session, 4)
    with writing():
        session.add(
            Nomination(name="Noor", email=case.expert.email, by=fourth.id, at=clock.now(session))
        )
    page = page_of(visit(first), case)
    assert page.index(BEFORE) < page.index("1. Completeness")
    assert f"{first.name} · {second.name} · {third.name}" in page
    assert f"{third.name} · {fourth.name}" not in page, "who nominated them has a part in it"
    assert page.count("After this you cannot decide this case any more.") == page.count(
        "Record the finding"
    )
    find(session, case, stages.ELIGIBILITY, first)
    page = page_of(visit(first), case)
    assert f"These vetters can still decide it: {second.name} · {third.name}" in page
    assert "After this you cannot decide" not in page


def test_the_only_one_left_is_asked_to_leave_the_findings_to_others(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    first, second, third = make_vetters(session)
    examine(session, case, first, second)
    assert "You are the only one left who can decide it" in page_of(visit(third), case)
    assert f"These vetters can still decide it: {third.name}" in page_of(visit(first), case)
    find(session, case, stages.ELIGIBILITY, third)
    page = page_of(visit(third), case)
    assert "Nobody is left who could decide" in page
    assert FEW.capitalize() in page


@pytest.mark.parametrize(("vetters", "few"), [(2, True), (3, False)])
def test_with_too_few_vetters_it_is_said_at_once_what_to_do(
    session: Session, visit: Visit, case: VettingCase, vetters: int, few: bool
) -> None:
    people = make_vetters(session, vetters)
    assert (FEW in page_of(visit(people[0]), case)) == few


def test_who_only_looks_reads_it_too(session: Session, visit: Visit, case: VettingCase) -> None:
    make_vetters(session)
    page = page_of(visit(make_user(session, "auditor")), case)
    assert BEFORE in page
    assert "Record the finding" not in page
