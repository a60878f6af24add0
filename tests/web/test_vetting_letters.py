"""Referees and appeals: asked and heard by signed links, in the reader's language, once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock, links
from core.db import writing
from core.mail import Mail
from roster import registrar
from roster.models import Reference, VettingCase
from roster.rules import stages
from tests.conftest import Clock
from tests.factories import make_user
from tests.roster.casebook import decide, find, make_applicant, make_vetters, open_case
from tests.web.visitors import Visitor, token_in, words_of

Visit = Callable[..., Visitor]
LINK = re.compile(r"http://localhost(/(?:reference|appeal)/\S+)")
ANSWERS = {
    "known_for": "Ten years at the registry", "role": "Head of IT",
    "strengths": "Calm when it burns", "concerns": "", "recommends": "yes",
}  # fmt: skip


@pytest.fixture
def case(session: Session) -> VettingCase:
    return open_case(session, make_applicant(session, name="Noor Haddad", language="fr"))


@pytest.fixture
def reference(session: Session, case: VettingCase) -> Reference:
    """A referee who reads Russian and was asked."""
    with writing():
        return registrar.ask_reference(
            session, case, "Ivan Petrov", "Ivan@Example.org", language="ru-RU",
            actor="x", now=clock.now(session),
        )  # fmt: skip


def mails_to(session: Session, email: str) -> list[Mail]:
    session.rollback()
    return list(session.scalars(select(Mail).where(Mail.to == email).order_by(Mail.id)))


def link_in(mail: Mail) -> str:
    found = LINK.search(mail.body)
    assert found, mail.body
    return found[1]


def send(visitor: Visitor, path: str, **fields: str) -> TestResponse:
    token = token_in(visitor.get(path))
    return visitor.client.post(path, data={"csrf_token": token, **fields})


def fresh(session: Session, reference: Reference) -> Reference:
    session.expire_all()
    return session.get_one(Reference, reference.id)


def test_a_referee_is_asked_once_in_their_language_and_heard_once(
    session: Session, visit: Visit, case: VettingCase, reference: Reference
) -> None:
    with writing():
        again = registrar.ask_reference(
            session, case, "Ivan", "ivan@example.org", actor="x", now=clock.now(session)
        )
    assert again.id == reference.id
    [mail] = mails_to(session, "ivan@example.org")
    assert "Noor Haddad" in mail.subject
    referee, path = visit(), link_in(mail)
    page = referee.get(path)
    assert 'lang="ru"' in page.text
    assert "Noor Haddad" in page.text
    token = token_in(page)
    assert send(referee, path, **ANSWERS).status_code == 303
    referee.client.post(path, data=ANSWERS | {"csrf_token": token, "recommends": "no"})
    heard = fresh(session, reference)
    assert heard.recommends is True
    assert heard.answers["strengths"] == "Calm when it burns"
    assert "Your answers have arrived" in words_of(referee.get(f"{path}?lang=en"))
    hr = visit(make_user(session, "vetter")).get(f"/vetting/{case.public_id}")
    assert "Calm when it burns" in words_of(hr)
    assert "Recommends" in words_of(hr)


def test_an_answer_that_lacks_something_keeps_what_was_typed(
    session: Session, visit: Visit, reference: Reference
) -> None:
    referee, path = visit(), "/reference/" + links.sign("reference", reference.public_id)
    less = {key: said for key, said in ANSWERS.items() if key != "recommends"}
    answer = send(referee, f"{path}?lang=en", **less)
    assert answer.status_code == 422
    assert "Choose yes or no" in words_of(answer)
    assert "Calm when it burns</textarea>" in answer.text
    lost = referee.client.post(f"{path}?lang=en", data=ANSWERS)
    assert lost.status_code == 400
    assert "Calm when it burns</textarea>" in lost.text
    assert fresh(session, reference).answered_at is None


def test_a_referee_may_decline_and_is_not_reminded(
    session: Session, visit: Visit, reference: Reference
) -> None:
    path = link_in(mails_to(session, "ivan@example.org")[0])
    with writing():
        assert registrar.remind_reference(session, reference, clock.now(session))
    assert len(mails_to(session, "ivan@example.org")) == 2
    referee = visit()
    assert send(referee, path, decline="1").status_code == 303
    assert fresh(session, reference).declined_at is not None
    with writing():
        assert not registrar.remind_reference(session, reference, clock.now(session))
    assert "do not write to you about this again" in words_of(referee.get(f"{path}?lang=en"))


def test_a_forged_link_opens_nothing(visit: Visit, reference: Reference) -> None:
    token = links.sign("reference", reference.public_id)
    for wrong in (token[:-1] + "?", links.sign("appeal", reference.public_id), "x"):
        assert visit().get(f"/reference/{wrong}").status_code == 404
        assert visit().get(f"/appeal/{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("email", "said"), [("nobody", "Enter an e-mail address"), ("", "own referee")]
)
def test_who_cannot_be_asked_is_not_and_the_form_keeps_them(
    session: Session, visit: Visit, case: VettingCase, email: str, said: str
) -> None:
    hr, page = visit(make_user(session, "vetter")), f"/vetting/{case.public_id}"
    email = email or case.expert.email.upper()
    fields = {"name": "Some Body", "email": email, "language": "es"}
    answer = hr.post(f"{page}/references", page=page, **fields)
    assert answer.status_code == 409
    assert said in words_of(answer)
    assert 'value="Some Body"' in answer.text
    assert session.query(Reference).count() == 0


def test_a_vetter_asks_who_was_named_then_reminds(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    with writing():
        now = clock.now(session)
        named = registrar.name_reference(session, case, "Li", "li@example.org", actor="x", now=now)
    hr, page = visit(make_user(session, "vetter")), f"/vetting/{case.public_id}"
    assert "not asked yet" in words_of(hr.get(page))
    for _time in range(2):
        hr.post(f"{page}/references/{named.public_id}", page=page)
    assert len(mails_to(session, "li@example.org")) == 2
    assert fresh(session, named).reminders == 1
    assert hr.post(f"{page}/references/{'a' * 26}", page=page).status_code == 404


def refused(session: Session, case: VettingCase) -> str:
    """The way to the appeal page that the mail of the refusal shows."""
    first, second = make_vetters(session, 2)
    find(session, case, stages.ELIGIBILITY, first, stages.FAILED)
    decide(session, case, second, qualified=False, reasons="Trop peu d’années.")
    return link_in(mails_to(session, case.expert.email)[-1])


def test_a_refused_applicant_appeals_once_in_their_language(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    path, applicant = refused(session, case), visit()
    page = applicant.get(path)
    assert 'lang="fr"' in page.text
    assert "Trop peu d’années." in page.text
    assert send(applicant, f"{path}?lang=en", words=" ").status_code == 422
    token = token_in(applicant.get(path))
    for _time in range(2):
        sent = applicant.client.post(path, data={"csrf_token": token, "words": "Il y en a dix."})
        assert sent.status_code == 303
    assert "Your appeal has arrived" in words_of(applicant.get(f"{path}?lang=en"))
    [appeal] = session.query(VettingCase).filter(VettingCase.kind == stages.APPEAL)
    shown = visit(make_user(session, "vetter")).get(f"/vetting/{appeal.public_id}")
    assert "Il y en a dix." in shown.text
    assert f"/vetting/{case.public_id}" in shown.text
    assert "in the earlier case" in words_of(shown)


def test_an_appeal_that_comes_too_late_is_told_so(
    session: Session, visit: Visit, case: VettingCase, clock: Clock
) -> None:
    path, applicant = refused(session, case), visit()
    token = token_in(applicant.get(path))
    clock.forward(seconds=timedelta(days=91).total_seconds())
    late = applicant.client.post(f"{path}?lang=en", data={"csrf_token": token, "words": "But"})
    assert late.status_code == 409
    assert "The time for an appeal is over" in words_of(applicant.get(f"{path}?lang=en"))
