"""The roster's turn: the digest names whom nobody has seen yet, and nobody holds up the others."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import writing
from roster import registrar
from roster.models import Reference, VettingCase
from roster.rules import stages, terms
from roster.staying import referees
from tests.factories import make_user
from tests.roster.turning import DAY, Roster
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HR, WORDS = "hr@example.org", "four words apart tulip gravel"


@pytest.fixture
def roster(session: Session) -> Iterator[Roster]:
    return Roster(session)


def apply(roster: Roster, referee: str = "", **columns: object) -> int:
    """The number of a case that an applicant has opened; with a referee who was asked."""
    expert = roster.expert(status=terms.APPLICANT, **columns)
    with writing() as session:
        case = registrar.open_case(
            session, session.merge(expert), stages.APPLICATION, actor="x", now=roster.now
        )
        if referee:
            registrar.ask_reference(session, case, "R", referee, actor="x", now=roster.now)
        return case.id


def test_a_new_application_and_a_validity_that_has_ended_are_in_the_digest(
    roster: Roster,
) -> None:
    make_user(roster.session, "vetter", email=HR, password=WORDS)
    roster.expert(name="Ended Eve", valid_until=roster.today)
    refused = {"status": terms.EXPIRED, "valid_until": roster.today + 31 * DAY}
    roster.expert(name="Refused Rob", **refused)
    roster.turn()
    apply(roster, name="New Nora")
    roster.turn(days=1)
    roster.turn(days=1)
    told = roster.mails(HR)
    assert [("New Nora" in mail, "Ended Eve" in mail) for mail in told[-1:]] == [(True, True)]
    assert "that nobody has taken: 1" in told[-1]
    assert not any("Refused Rob" in mail for mail in told)
    sent = len(told)
    roster.turn(days=2)
    assert len(roster.mails(HR)) == sent, "once is enough"


def test_one_who_cannot_be_expired_stops_nobody_behind(roster: Roster) -> None:
    bad, good = (roster.expert(valid_until=roster.today - DAY) for _ in range(2))
    with writing() as session:
        session.execute(text(
            f"CREATE TRIGGER bad BEFORE UPDATE OF status ON expert WHEN old.id = {bad.id} "
            "BEGIN SELECT RAISE(ABORT, 'bad row'); END"
        ))  # fmt: skip
    roster.turn()
    assert [roster.fresh(one).status for one in (bad, good)] == [terms.LISTED, terms.EXPIRED]


def test_referees_of_the_awake_are_reminded_however_many_sleep(roster: Roster) -> None:
    sleeping = apply(roster, time_zone="Asia/Tokyo")
    with writing() as session:
        session.add_all(
            Reference(case_id=sleeping, name="R", email=f"r{number}@example.org",
                      asked_at=roster.now - 6 * DAY)
            for number in range(referees.AT_ONCE)
        )  # fmt: skip
    apply(roster, "awake@example.org")
    roster.turn(days=5)
    assert len(roster.mails("awake@example.org")) == 2


def test_after_an_appeal_the_referees_of_the_refused_case_still_count(
    app: Flask, roster: Roster
) -> None:
    number = apply(roster, "late@example.org")
    decider = make_user(roster.session, "vetter", email="d@example.org", password=WORDS)
    with writing() as session:
        case = session.get_one(VettingCase, number)
        case.state, case.decided_at, case.decided_by = stages.REFUSED, roster.now, decider.id
    roster.turn(days=5)
    [asked] = roster.mails("late@example.org")
    path = "/reference/" + asked.split("/reference/")[1].split()[0]
    visitor = Visitor(app)
    assert "This is no longer open" in words_of(visitor.get(path))
    with writing() as session:
        case = session.get_one(VettingCase, number)
        registrar.appeal(session, case, "Look again.", actor="x", now=roster.now)
    roster.turn()
    assert len(roster.mails("late@example.org")) == 2
    given = dict.fromkeys(("known_for", "role", "strengths", "concerns"), "Years.")
    assert visitor.post(path, page=path, recommends="yes", **given).status_code == 303
    assert roster.all(Reference)[0].recommends
