"""Somebody erased who stands in rows about others: as their referee, in their drafts, in words."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import writing
from roster import registrar
from roster.models import Application, Expert, Nomination, Reference, VettingCase
from roster.rules import stages
from tests.factories import make_expert, make_user
from tests.roster.canaries import traces
from tests.roster.casebook import find, make_applicant, make_vetters, open_case

NAME, EMAIL, PHONE = "Ögmundur Canary", "ogmundur@canary.example", "+41225557788"
SECRETS = (NAME, "Canary", EMAIL, PHONE, "+41 22 555 77 88")


@pytest.fixture
def known(session: Session) -> Expert:
    return make_expert(session, name=NAME, email=EMAIL, phone=PHONE)


def erase(session: Session, expert: Expert) -> None:
    session.rollback()
    with writing():
        who = session.get_one(Expert, expert.id)
        registrar.erase(session, who, actor="hr", now=clock.now(session))


def test_a_referee_of_others_is_left_without_name_and_words(
    session: Session, known: Expert
) -> None:
    case, now = open_case(session, make_applicant(session, name="Boris Else")), clock.now()
    with writing():
        asked = {"organisation": "Office", "relation": f"Knows {NAME}", "actor": "x", "now": now}
        reference = registrar.ask_reference(session, case, NAME, EMAIL.upper(), **asked)
        said = {"strengths": f"Works well with me, {NAME}, call {PHONE}"}
        registrar.record_reference(session, reference, True, said, now)
    erase(session, known)
    assert traces(session, SECRETS) == []
    [left] = session.scalars(select(Reference)).all()
    assert (left.recommends, left.case_id) == (True, case.id), "it still counts"
    assert audit.verify(session) is None


def test_drafts_that_name_them_are_emptied_of_them(session: Session, known: Expert) -> None:
    referee = {"name_1": [NAME], "email_1": [EMAIL], "relation_1": ["Colleague"]}
    now = clock.now()
    with writing():
        session.add_all([
            Application(email="ogmundur@wrong.example", started_at=now, updated_at=now, answers={
                "person": {"name": [NAME], "phone": ["+41 22 555 77 88"]},
                "conflicts": {"outside": ["zq9x-outside"]},
            }),
            Application(email="boris@example.org", started_at=now, updated_at=now, answers={
                "person": {"name": ["Boris Else"]}, "referees": referee,
            }),
        ])  # fmt: skip
    erase(session, known)
    assert traces(session, (*SECRETS, "zq9x")) == []
    [kept] = session.scalars(select(Application)).all()
    assert kept.answers["person"] == {"name": ["Boris Else"]}


def test_words_about_others_lose_their_name(session: Session, known: Expert) -> None:
    other, now = make_applicant(session, name="Boris Else"), clock.now()
    case, [vetter] = open_case(session, other), make_vetters(session, 1)
    find(session, case, stages.CONFLICTS, vetter, comment=f"Married to {NAME}.")
    with writing():
        case.declared = f"I share an office with {NAME}."
        other.evidence = f"Said by {EMAIL}"
        by = make_user(session, "vetter")
        session.add(Nomination(name="Carla", email="carla@example.org", by=by.id, at=now,
                               reason=f"{NAME} speaks for her"))  # fmt: skip
        registrar.record_evaluation(
            session, other, "m" * 26, 5, f"Better than {NAME}", by="x", now=now + timedelta(days=1)
        )
        registrar.suspend(session, other, f"{NAME} complained", actor="hr", now=now)
    erase(session, known)
    assert traces(session, SECRETS) == []
    assert session.get_one(VettingCase, case.id).declared == "I share an office with …."
    assert audit.verify(session) is None
