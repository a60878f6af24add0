"""From the first page of an application to the case, the proof of the phone, and the mails."""

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail import Mail
from core.place_query import Position
from roster.joining.limits import DRAFTS_PER_HOUR, LINKS_PER_PLACE
from roster.models import (
    Application,
    Certificate,
    Expert,
    Nomination,
    Paper,
    PhoneProof,
    Reference,
    VettingCase,
)
from roster.papers import storage
from roster.rules import stages, terms
from tests.conftest import Clock
from tests.factories import make_expert, make_user
from tests.roster.test_papers import A_PDF
from tests.web.applicants import EMAIL, EVIDENCE, PHONE, Applicant
from tests.web.visitors import Visitor, words_of

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def draft(session: Session) -> Application:
    session.rollback()
    return session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()


def mails(session: Session, to: str = EMAIL) -> list[Mail]:
    session.rollback()
    return list(session.scalars(select(Mail).where(Mail.to == to).order_by(Mail.id)))


def experts(session: Session) -> list[Expert]:
    session.rollback()
    return list(session.scalars(select(Expert)))


def fill_in_everything(app: Flask) -> Applicant:
    applicant = Applicant(app).fill_all()
    cv = {"file": (io.BytesIO(A_PDF), "CV Amina.pdf")}
    assert applicant.fill("cv", **cv).status_code == 303
    certificate = {
        "name": "CBCI", "issuer": "BCI", "expires_on": "2029-05-31", "skill": "BCP",
        "file": (io.BytesIO(A_PDF), "cbci.pdf"),
    }  # fmt: skip
    assert applicant.fill("certificates", **certificate).status_code == 303
    return applicant


def test_an_application_becomes_an_applicant(app: Flask, session: Session) -> None:
    applicant = fill_in_everything(app)
    shown = words_of(applicant.get("check"))
    for said in ("Amina Otieno", EVIDENCE, "Nairobi, Kenya", "ARIPO", "CBCI", "CV Amina.pdf"):
        assert said in shown
    assert experts(session) == []
    assert applicant.send().status_code == 303
    assert "Your application has been sent" in words_of(applicant.get())
    assert applicant.send().status_code == 303, "a second time does nothing"
    [expert] = experts(session)
    assert (expert.status, expert.email, expert.phone) == (terms.APPLICANT, EMAIL, PHONE)
    assert (expert.country, expert.region, expert.time_zone) == ("KE", "AFR", "Africa/Nairobi")
    assert (expert.language, expert.scope, expert.max_missions) == ("fr", "regional", 1)
    assert not expert.two_way
    assert expert.consented_at is not None
    assert {row.code for row in expert.languages} == {"en", "fr", "sw"}
    assert {(one.skill, one.level) for one in expert.skills} == {("BCP", 2), ("RRC", 3)}
    assert {one.evidence for one in expert.skills} >= {EVIDENCE}
    assert {row.code for row in expert.conflicts} == {"UG", "AP"}
    link, received = mails(session)
    assert "/apply/" in link.body
    assert link.subject != received.subject


@SQLITE
def test_what_was_sent_waits_for_the_vetters(app: Flask, session: Session) -> None:
    fill_in_everything(app).send()
    [expert] = experts(session)
    [case] = session.scalars(select(VettingCase))
    assert (case.expert, case.kind, case.state) == (expert, stages.APPLICATION, stages.OPEN)
    assert case.declared == "Partner of a firm in Nairobi."
    referees = session.scalars(select(Reference.email).order_by(Reference.id)).all()
    assert referees == ["jo@referee.example", "sam@referee.example"]
    assert mails(session, "jo@referee.example") == [], "nobody is asked unseen"
    [one] = session.scalars(select(Certificate))
    assert (one.skill, one.expires_on) == ("BCP", date(2029, 5, 31))
    assert one.paper is not None
    papers = session.scalars(select(Paper)).all()
    assert {paper.expert_id for paper in papers} == {expert.id}
    [proof] = session.scalars(select(PhoneProof))
    assert (proof.phone, proof.sent_at) == (PHONE, None)
    assert draft(session).answers == {}


@SQLITE
def test_what_is_typed_is_kept_right_or_wrong(app: Flask, session: Session) -> None:
    applicant = Applicant(app)
    answer = applicant.fill("person", phone="12")
    assert answer.status_code == 422
    assert "Enter a phone number with its country code" in answer.text
    assert 'value="Amina Otieno"' in applicant.get("person").text
    assert "Needs another look" in words_of(applicant.get())
    answer = applicant.fill("base", place="Nowhere at all")
    assert (answer.status_code, "do not know this place" in answer.text) == (422, True)
    assert 'value="Nowhere at all"' in applicant.get("base").text
    applicant.fill("person", name="Amina\r\nBcc: x\x00")
    assert 'value="Amina Bcc: x"' in applicant.get("person").text
    applicant.fill("skills", skills=["BCP"])
    assert applicant.fill("levels", evidence_BCP="").status_code == 422
    answer = applicant.fill("certificates", name="CBCI", issuer="BCI")
    assert "Enter the number, or send a copy" in answer.text
    assert 'value="CBCI"' in applicant.get("certificates").text
    assert applicant.fill("languages", others="Klingon").status_code == 422
    assert applicant.fill("conflicts", places="Atlantis").status_code == 422
    assert applicant.fill("consent", conduct="").status_code == 422
    same = applicant.fill("referees", email_2="jo@referee.example")
    assert "must be another person" in same.text
    oneself = applicant.fill("referees", email_1=EMAIL)
    assert "must be another person" in oneself.text
    assert applicant.visitor.get(applicant.link + "check").status_code == 303
    assert applicant.send().status_code == 303
    assert experts(session) == []


@SQLITE
def test_a_place_with_several_meanings_is_chosen_on_the_map(app: Flask, session: Session) -> None:
    applicant = Applicant(app)
    assert applicant.fill("base", place="Valencia").location.endswith("/base/which")
    page = applicant.get("base/which").text
    assert "<svg" in page
    assert "Valencia, Spain" in page
    assert "Valencia, Venezuela" in page
    forged = applicant.visitor.post(
        applicant.link + "base/which", page=applicant.link + "base/which", which="1.0,2.0"
    )
    assert forged.status_code == 422
    applicant.choose(1)
    assert draft(session).answers["chosen"]["country"] in {"ES", "VE"}
    applicant.fill("base", place="12.37, -1.53")
    assert "Needs another look" in words_of(applicant.get())
    applicant.choose()
    chosen = draft(session).answers["chosen"]
    assert Position(chosen["lat"], chosen["lon"]) == Position(12.37, -1.53)
    assert chosen["country"] == "BF"


@SQLITE
def test_the_link_resumes_on_another_device_and_no_other_link_does(
    app: Flask, session: Session, clock: Clock
) -> None:
    applicant = Applicant(app)
    applicant.fill("person")
    other = Visitor(app)
    assert 'value="Amina Otieno"' in other.get(applicant.link + "person").text
    forged = applicant.link.replace("/apply/", "/apply/a")
    assert other.get(forged + "person").status_code == 404
    assert other.post("/apply/again", page="/apply", email=EMAIL).status_code == 200
    assert other.post("/apply/again", page="/apply", email="no@example.org").status_code == 200
    assert len(mails(session)) == 2
    assert mails(session, "no@example.org") == []
    clock.forward(days=61)
    assert other.get(applicant.link + "person").status_code == 410


@SQLITE
@pytest.mark.parametrize("same", ["email", "phone"])
def test_who_is_on_the_roster_is_told_alone(app: Flask, session: Session, same: str) -> None:
    there = make_expert(session, **{same: EMAIL if same == "email" else PHONE})
    address = there.email
    applicant = Applicant(app)
    applicant.fill_all()
    applicant.fill("cv", file=(io.BytesIO(A_PDF), "cv.pdf"))
    stranger = Applicant(app, "stranger@example.org")
    stranger.fill_all(person={"phone": "+254 712 000 999"})
    assert applicant.send().status_code == stranger.send().status_code == 303
    thanks, others = words_of(applicant.get()), words_of(stranger.get())
    assert thanks.replace(EMAIL, "") == others.replace("stranger@example.org", "")
    assert len(experts(session)) == 2, "the one who was there, and the other applicant"
    assert draft(session).sent_at is not None
    kept = session.scalars(select(Application).order_by(Application.id)).first()
    assert kept
    assert (kept.expert_id, kept.answers["person"]["name"]) == (None, ["Amina Otieno"])
    assert len(storage.names()) == 1, "what was typed and handed in is not thrown away"
    told = mails(session, address)[-1]
    assert "You are on the roster already" in told.body
    if same == "phone":
        written, strangers = mails(session)[-1], mails(session, "stranger@example.org")[-1]
        assert (written.subject, written.body) == (strangers.subject, strangers.body)


@SQLITE
def test_files_are_judged_by_content_and_size(app: Flask, session: Session) -> None:
    applicant = Applicant(app)
    for content, said in (
        (b"MZ" + bytes(100), "must be a PDF"),
        (A_PDF + bytes(5 * 1024 * 1024), "smaller than 5 MB"),
    ):
        answer = applicant.fill("cv", file=(io.BytesIO(content), "cv.pdf"))
        assert (answer.status_code, said in answer.text) == (422, True)
    huge = applicant.fill("cv", file=(io.BytesIO(bytes(13 * 1024 * 1024)), "cv.pdf"))
    assert huge.status_code == 413
    applicant.fill("cv", file=(io.BytesIO(A_PDF), "cv.pdf"))
    session.rollback()
    [paper] = session.scalars(select(Paper))
    path = applicant.link + "cv/remove"
    other = Applicant(app, "other@example.org")
    other.visitor.post(other.link + "cv/remove", page="/apply", paper=paper.public_id)
    session.rollback()
    assert session.get(Paper, paper.id) is not None
    applicant.visitor.post(path, page=applicant.link + "cv", paper=paper.public_id)
    session.rollback()
    assert session.scalars(select(Paper)).all() == []
    assert storage.names() == set()


@SQLITE
def test_one_place_begins_so_many_and_one_address_gets_so_few(app: Flask, session: Session) -> None:
    visitor = Visitor(app)
    token = visitor.token("/apply")
    answers = [
        visitor.client.post("/apply", data={"csrf_token": token, "email": EMAIL}).status_code
        for _ in range(DRAFTS_PER_HOUR + 1)
    ]
    assert answers == [303] * DRAFTS_PER_HOUR + [429]
    assert len(mails(session)) == LINKS_PER_PLACE


@SQLITE
def test_a_coordinator_nominates_and_the_person_applies(app: Flask, session: Session) -> None:
    coordinator = make_user(session, "focal_point", name="Olena Koval")
    visitor = Visitor(app, coordinator)
    there = make_expert(session, email="known@example.org")
    asked = {"name": "Amina", "language": "en", "reason": "She rebuilt our register."}
    for email in (EMAIL, there.email):
        answer = visitor.post("/nominate", page="/nominate", email=email, **asked)
        assert answer.location == "/nominate/thanks"
    oneself = visitor.post("/nominate", page="/nominate", email=coordinator.email, **asked)
    assert (oneself.status_code, "cannot nominate yourself" in oneself.text) == (422, True)
    assert len(experts(session)) == 1, "nobody is entered"
    assert "on the roster already" in mails(session, "known@example.org")[0].body
    body = mails(session)[0].body
    assert "Olena Koval" in body
    link = next(line for line in body.splitlines() if "/apply/nominated/" in line)
    page = Visitor(app).get(link.removeprefix("http://localhost"))
    assert f'value="{EMAIL}"' in page.text
    applicant = Applicant(app, nomination=link.rsplit("/", 1)[1])
    applicant.fill_all()
    applicant.send()
    first = session.scalars(select(Nomination).order_by(Nomination.id)).first()
    assert draft(session).nomination_id == (first.id if first else 0)
    [applied] = [one for one in experts(session) if one.email == EMAIL]
    [case] = session.scalars(select(VettingCase))
    shown = Visitor(app, make_user(session, "vetter")).get(f"/vetting/{case.public_id}")
    assert applied.status == terms.APPLICANT
    assert "She rebuilt our register." in shown.text
