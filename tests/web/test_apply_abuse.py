"""What a stranger can use up by applying, texts, mails and room, and what the others keep."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.joining.limits import APPLICATIONS_PER_PHONE, LINKS_PER_PLACE, MAILS_PER_DAY
from roster.models import Application, Paper, PhoneProof
from tests.limits import limit
from tests.roster.test_papers import A_PDF
from tests.web.applicants import EMAIL, Applicant
from tests.web.test_apply import experts, mails
from tests.web.test_apply_strangers import link_in
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def at(app: Flask, place: str) -> Visitor:
    """A browser at the network address `place`."""
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = place
    return visitor


def begin(app: Flask, path: str, place: str, email: str = EMAIL) -> None:
    """Somebody at the network address `place` types `email`."""
    visitor = at(app, place)
    assert visitor.post(path, page="/apply", email=email).status_code in (200, 303)


def test_one_network_sends_so_many_applications_and_the_rest_is_kept_for_tomorrow(
    app: Flask, session: Session
) -> None:
    limit(app, applications_per_address=1)
    assert Applicant(app).fill_all().send().status_code == 303
    other = Applicant(app, "ben@example.org")
    other.fill_all(person={"phone": "+254 712 345 679"})
    for _time in range(2):
        answer = other.send()
        assert answer.status_code == 429
        assert "Nothing that you typed is lost" in answer.text
    assert [expert.email for expert in experts(session)] == [EMAIL]
    assert "Amina Otieno" in other.get("check").text
    limit(app, applications_per_address=9)
    assert other.send().status_code == 303
    assert len(experts(session)) == 2


def test_one_phone_is_not_texted_for_application_after_application(
    app: Flask, session: Session
) -> None:
    for number in range(APPLICATIONS_PER_PHONE):
        assert Applicant(app, f"a{number}@example.org").fill_all().send().status_code == 303
    assert Applicant(app, "last@example.org").fill_all().send().status_code == 429
    assert len(session.scalars(select(PhoneProof)).all()) <= APPLICATIONS_PER_PHONE


def test_when_texts_wait_the_last_page_says_so(app: Flask, session: Session) -> None:
    limit(app, applicant_messages=0)
    applicant = Applicant(app).fill_all()
    assert applicant.send().status_code == 303
    assert "perhaps tomorrow" in words_of(applicant.get())
    limit(app, applicant_messages=10)
    assert "We send a text to your phone" in words_of(applicant.get())


def test_files_of_one_application_and_of_all_have_a_limit_and_nothing_typed_is_lost(
    app: Flask, session: Session
) -> None:
    applicant = Applicant(app)
    big = A_PDF + b"%" * 1_200_000
    limit(app, upload_mb_per_draft=1)
    sent = {"name": "CBCI", "issuer": "BCI", "skill": "", "file": (BytesIO(big), "a.pdf")}
    answer = applicant.fill("certificates", **sent)
    assert answer.status_code == 422
    assert "larger than 1 MB together" in answer.text
    assert 'value="CBCI"' in applicant.get("certificates").text
    limit(app, upload_mb_per_draft=40, upload_mb_per_day=4)
    answer = applicant.fill("cv", file=(BytesIO(big), "a.pdf"))
    assert answer.status_code == 422, "a quarter of the day is what one place may use"
    assert "Send the file tomorrow" in words_of(answer)
    assert not session.scalars(select(Paper)).all()
    limit(app, upload_mb_per_day=8)
    assert applicant.fill("cv", file=(BytesIO(big), "a.pdf")).status_code == 303
    assert applicant.fill("cv", file=(BytesIO(big), "b.pdf")).status_code == 422
    assert len(session.scalars(select(Paper)).all()) == 1


def test_one_place_cannot_use_up_the_mails_of_an_address(app: Flask, session: Session) -> None:
    for _time in range(MAILS_PER_DAY + 2):
        begin(app, "/apply", "198.51.100.7")
    assert len(mails(session)) == LINKS_PER_PLACE
    begin(app, "/apply/again", "203.0.113.9")
    assert len(mails(session)) == LINKS_PER_PLACE + 1


def test_strangers_everywhere_cannot_keep_the_owner_from_a_link(
    app: Flask, session: Session
) -> None:
    begin(app, "/apply", "203.0.113.9")
    owner = at(app, "203.0.113.9")
    mine = link_in(mails(session)[0])
    assert owner.post(mine + "person", page=mine + "person", name="Amina").status_code == 422
    for number in range(20):
        begin(app, "/apply", f"198.51.100.{number}")
    assert len(mails(session)) == MAILS_PER_DAY, "nor is the address flooded"
    draft = mine.partition(".")[0]  # behind it stands when it was signed
    assert draft in mails(session)[-1].body, "whoever asks, the owner's own draft is in the mail"
    assert owner.post("/apply/again", page="/apply", email=EMAIL).status_code == 200
    assert len(mails(session)) == MAILS_PER_DAY + 1
    assert link_in(mails(session)[-1]).startswith(draft)
    assert len(session.scalars(select(Application)).all()) == 21
