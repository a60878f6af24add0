"""A draft that somebody else began in my name: from my first answer on it is mine alone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail import Mail
from roster.models import Application, Expert
from tests.web.applicants import EMAIL, Applicant
from tests.web.test_apply import experts, mails
from tests.web.visitors import Visitor

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
