"""A draft that somebody else began in my name: from my first answer on it is mine alone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail import Mail
from roster.models import Application, Expert, VettingCase
from roster.rules import stages, terms
from tests.factories import make_expert
from tests.web.applicants import EMAIL, PHONE, Applicant
from tests.web.test_apply import experts, mails
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PERSON = {"name": "Amina Otieno", "phone": "+254 712 345 678", "language": "fr"}


def link_in(mail: Mail) -> str:
    found = re.search(r"/apply/[^/\s]+/", mail.body)
    assert found, mail.body
    return found[0]


def test_who_began_a_draft_in_my_name_reads_nothing_that_i_type(
    app: Flask, session: Session
) -> None:
    stranger, me = Applicant(app), Visitor(app)
    [mail] = mails(session)
    mine = link_in(mail)
    assert mine != stranger.link
    assert stranger.fill("person", name="Somebody Else").status_code == 303
    assert me.get(mine + "person").status_code == 200
    assert stranger.get("person").status_code == 200, "opening a link changes nothing"
    assert me.post(mine + "person", page="/apply", **PERSON).status_code == 303
    for page in ("", "person", "check", "cv", "certificates", "base/which"):
        shown = stranger.get(page)
        assert (shown.status_code, "Amina" in shown.text) == (410, False), page
    assert stranger.fill("person", name="Somebody Else").status_code == 410
    assert stranger.send().status_code == 410
    assert 'value="Amina Otieno"' in me.get(mine + "person").text


def test_the_link_of_the_mail_goes_on_to_the_end(app: Flask, session: Session) -> None:
    applicant = Applicant(app)
    applicant.fill("person")
    applicant.link = link_in(mails(session)[0])
    applicant.fill_all()
    assert applicant.send().status_code == 303
    assert [expert.email for expert in experts(session)] == [EMAIL]
    [draft] = session.scalars(select(Application)).all()
    assert (draft.answers, isinstance(draft.expert_id, int)) == ({}, True)
    assert session.get_one(Expert, draft.expert_id).email == EMAIL


@pytest.mark.parametrize("status", [terms.APPLICANT, terms.REMOVED])
def test_who_was_refused_or_left_applies_again_by_the_link_of_the_mail_alone(
    app: Flask, session: Session, status: str
) -> None:
    there = make_expert(
        session, email=EMAIL, phone="+254712000111", status=status, base="Kisumu",
        skills=("BCP", "COM"),
    )  # fmt: skip
    typed = Applicant(app).fill_all()
    assert typed.send().status_code == 303
    assert "has been sent" in words_of(typed.get())
    assert typed.get("person").status_code == 303, "who only typed the address learns nothing"
    assert not session.scalars(select(VettingCase)).all()
    assert len(mails(session)) == 2
    typed.link = link_in(mails(session)[-1])
    assert "Amina Otieno" in typed.get("check").text
    assert typed.send().status_code == typed.send().status_code == 303
    [expert] = experts(session)
    assert (expert.id, expert.phone, expert.two_way) == (there.id, PHONE, False)
    assert (expert.status, expert.valid_until, expert.vetted_by) == (terms.APPLICANT, None, None)
    assert {claim.skill: claim.level for claim in expert.skills} == {"BCP": 2, "RRC": 3}
    [case] = session.scalars(select(VettingCase)).all()
    assert (case.kind, case.expert_id) == (stages.APPLICATION, there.id)


def test_who_still_has_a_case_open_opens_no_second_one(app: Flask, session: Session) -> None:
    for _time in range(2):
        applicant = Applicant(app)
        applicant.link = link_in(mails(session)[-1])
        assert applicant.fill_all().send().status_code == 303
    assert len(session.scalars(select(VettingCase)).all()) == len(experts(session)) == 1
    assert ["/apply/" in mail.body for mail in mails(session)] == [True, False, True, False]
