"""Two people act on one case at the very same moment, in real threads, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import db, writing
from roster import registrar
from roster.interchange import import_roster, read_vetting
from roster.models import Expert, Reference, VettingCase
from roster.registrar import CaseError
from roster.rules import stages, terms
from tests.factories import make_expert
from tests.faults.test_races import at_once
from tests.roster.casebook import examine, make_applicant, make_vetters, open_case

ROUNDS = 2
Call = Callable[[], str]


@pytest.fixture
def vetters(session: Session) -> list[User]:
    return make_vetters(session, 4)


def ready(session: Session, vetters: list[User]) -> VettingCase:
    """A case that lacks nothing but the decision."""
    case = open_case(session, make_applicant(session))
    examine(session, case, *vetters[:2])
    return case


def deciding(case: int, decider: int) -> Call:
    """`decider` says that the applicant of `case` is qualified; the reason against, if any."""

    def call() -> str:
        now = clock.now()
        try:
            with writing() as session:
                registrar.decide(
                    session, session.get_one(VettingCase, case), True,
                    decider=session.get_one(User, decider), now=now,
                )  # fmt: skip
        except CaseError as error:
            return error.reason
        return ""

    return call


def examining(case: int, reviewer: int) -> Call:
    """`reviewer` finds one thing more."""

    def call() -> str:
        now = clock.now()
        try:
            with writing() as session:
                registrar.record_step(
                    session, session.get_one(VettingCase, case), stages.CONFLICTS, stages.PASSED,
                    reviewer=session.get_one(User, reviewer), now=now, evidence="Seen.",
                )  # fmt: skip
        except CaseError as error:
            return error.reason
        return ""

    return call


def suspending(expert: int) -> Call:
    """HR suspends them."""

    def call() -> str:
        now = clock.now()
        with writing() as session:
            who = session.get_one(Expert, expert)
            registrar.suspend(session, who, "A complaint", actor="hr", now=now)
        return ""

    return call


def test_who_examines_at_the_same_moment_does_not_decide(
    app: Flask, session: Session, vetters: list[User]
) -> None:
    for _ in range(ROUNDS):
        case, who = ready(session, vetters).id, vetters[2].id
        db.session.commit()
        said = at_once(app, deciding(case, who), examining(case, who))
        assert said in (["", "closed"], ["examined_it", ""])


def test_of_two_decisions_at_once_one_counts(
    app: Flask, session: Session, vetters: list[User]
) -> None:
    for _ in range(ROUNDS):
        case = ready(session, vetters).id
        calls = [deciding(case, vetter.id) for vetter in vetters[2:]]
        db.session.commit()
        assert sorted(at_once(app, *calls)) == ["", "closed"]


def test_a_suspension_is_not_lost_to_a_decision_at_the_same_moment(
    app: Flask, session: Session, vetters: list[User]
) -> None:
    for _ in range(ROUNDS):
        case = ready(session, vetters)
        number, expert, who = case.id, case.expert_id, vetters[2].id
        db.session.commit()
        at_once(app, deciding(number, who), suspending(expert))
        db.session.expire_all()
        assert session.get_one(Expert, expert).status == terms.SUSPENDED


def listing(expert: int) -> Call:
    """HR lists them in IP-ROC."""

    def call() -> str:
        now = clock.now()
        try:
            with writing() as session:
                who = session.get_one(Expert, expert)
                registrar.list_in_iproc(session, who, "R-1", now.date(), actor="hr", now=now)
        except CaseError as error:
            return error.reason
        return ""

    return call


def test_a_suspension_is_not_lost_to_a_listing_at_the_same_moment(
    app: Flask, session: Session
) -> None:
    for _ in range(ROUNDS):
        expert = make_expert(session, status=terms.QUALIFIED).id
        db.session.commit()
        said = at_once(app, listing(expert), suspending(expert))
        db.session.expire_all()
        found = session.get_one(Expert, expert)
        assert found.status == terms.SUSPENDED
        assert found.status_before == (terms.QUALIFIED if said[0] else terms.LISTED)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_file_that_lets_somebody_in_waits_for_the_decision_of_their_case(
    app: Flask, session: Session, vetters: list[User], tmp_path: Path
) -> None:
    case = ready(session, vetters)
    number, email, path = case.id, case.expert.email, tmp_path / "roster.csv"
    path.write_text(f"email,name,phone\n{email},Another Name,+15550177\n")
    said: list[str] = []
    db.session.commit()

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FOR " in statement or statement.startswith("UPDATE"):
            said.append(statement)

    def read() -> str:
        one, other = (db.session.get_one(User, vetter.id).email for vetter in vetters[2:])
        *_all, outcome = import_roster(path, read_vetting(db.session(), one, other, "Seen."))
        return str(outcome.changed)

    event.listen(db.engine, "before_cursor_execute", hear)
    assert read() == "1"
    event.remove(db.engine, "before_cursor_execute", hear)
    assert "FROM vetting_case" in said[0]
    assert "FROM expert" in said[1]
    db.session.expire_all()
    assert session.get_one(VettingCase, number).state == stages.DROPPED


def answering(reference: int, recommends: bool) -> Call:
    """The referee presses the button."""

    def call() -> str:
        with writing() as session:
            kept = registrar.record_reference(
                session, session.get_one(Reference, reference), recommends, {}, clock.now()
            )
        return str(recommends) if kept else ""

    return call


def test_a_referee_is_heard_once_however_fast_they_press(app: Flask, session: Session) -> None:
    for number in range(ROUNDS):
        case = open_case(session, make_applicant(session))
        with writing():
            reference = registrar.ask_reference(
                session, case, "R", f"r{number}@example.org", actor="hr", now=clock.now()
            ).id
        said = at_once(app, answering(reference, True), answering(reference, False))
        db.session.expire_all()
        kept = session.get_one(Reference, reference).recommends
        assert sorted(said) == sorted(["", str(kept)])
