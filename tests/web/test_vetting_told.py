"""Whatever a vetter does is confirmed in a sentence; a good decision leads to an account."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.accounts import people
from core.db import writing
from core.mail import Mail
from roster import registrar
from roster.models import Expert, VettingCase
from roster.rules import stages, terms
from tests.factories import make_expert, make_user
from tests.roster.casebook import decide, examine, make_applicant, make_vetters, open_case
from tests.web.visitors import Visitor, words_of

Visit = Callable[..., Visitor]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BANNER = re.compile(r'notification-banner__heading">(.*?)</p>')
IN_PLACE = re.compile(
    r'<section [^>]*id="([\w-]+)"[^>]*>\s*<p class="app-saved"[^>]*><.*?</span> (.*?)</p>'
)


def said_after(visitor: Visitor, answer: TestResponse) -> str:
    """The sentence where the page is opened to which a button leads: above it, or in its middle."""
    assert answer.status_code == 303, answer.text
    page, _hash, anchor = str(answer.location).partition("#")
    shown = visitor.get(page)
    places: dict[str, str] = dict(IN_PLACE.findall(shown.text))
    above = BANNER.search(shown.text)
    assert set(places) == ({anchor} if anchor else set())
    assert (above is None) == bool(anchor), words_of(shown)
    return (places[anchor] if above is None else above[1]).replace("&#39;", "'")


@pytest.fixture
def case(session: Session) -> VettingCase:
    return open_case(session, make_applicant(session, name="Noor Haddad", language="fr"))


@SQLITE
def test_every_button_of_a_case_says_what_happened(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    me = make_user(session, "vetter", name="Rana Aziz")
    other = make_user(session, "vetter", name="Sam Reed")
    day = clock.now().date() + timedelta(days=3)
    with writing():
        named = registrar.name_reference(
            session, case, "Li Na", "li@example.org", actor="x", now=clock.now(session)
        )
    hr, page = visit(me), f"/vetting/{case.public_id}"
    scored = {"stage": "interview", "result": "passed", "score": "4", "evidence": "Talked."}
    skilled = {"stage": "technical", "subject": "BCP", "result": "passed", "level": "2",
               "evidence": "Plan."}  # fmt: skip
    referee = {"name": "Jo Field", "email": "jo@example.org", "language": "en"}
    for verb, fields, said in (
        ("owner", {"owner": me.public_id}, "The case is yours now."),
        ("owner", {"owner": other.public_id}, "The case is handed over to Sam Reed."),
        ("owner", {"owner": ""}, "The case is nobody's now."),
        ("due", {"due_on": day.isoformat()}, "The case is due on"),
        ("steps", scored, "Recorded: Interview panel, Passed, score 4 of 5."),
        ("steps", skilled, "Recorded: Business continuity planning"),
        ("steps", {"stage": "eligibility", "result": "failed", "evidence": "No."},
         "Recorded: Eligibility, Failed."),
        ("references", referee, "Jo Field is asked by mail."),
        (f"references/{named.public_id}", {}, "Li Na is asked by mail."),
        (f"references/{named.public_id}", {}, "Li Na is reminded by mail."),
        ("drop", {"comment": "Took it back."}, "The case is closed without a decision."),
    ):  # fmt: skip
        assert said in said_after(hr, hr.post(f"{page}/{verb}", page=page, **fields)), verb


@SQLITE
def test_every_button_on_an_experts_page_says_what_happened(session: Session, visit: Visit) -> None:
    expert = make_expert(session, name="Noor Haddad", status=terms.QUALIFIED)
    hr, page = visit(make_user(session, "vetter")), f"/roster/{expert.public_id}"
    listing = {"reference": "R-1", "listed_on": clock.now().date().isoformat()}
    for verb, fields, said in (
        ("panel", {"member": "yes"}, "Noor Haddad is a member of the panel now."),
        ("panel", {"member": "no"}, "Noor Haddad is no member of the panel any more."),
        ("iproc", listing, "Noor Haddad is listed in IP-ROC as R-1."),
        ("delist", {}, "Noor Haddad is taken out of IP-ROC, and stays qualified."),
        ("invite", {}, "The invitation is on its way."),
        ("cases", {"kind": "review"}, "The case is open, and it is yours."),
    ):
        assert said in said_after(hr, hr.post(f"{page}/{verb}", page=page, **fields)), verb
    assert "Invite again to an account" in words_of(hr.get(page))


def mail_to(session: Session, expert: Expert) -> str:
    session.rollback()
    query = select(Mail.body).where(Mail.to == expert.email).order_by(Mail.id.desc())
    return session.scalars(query.limit(1)).one()


def qualify(session: Session, visit: Visit, case: VettingCase) -> str:
    first, second, third = make_vetters(session)
    examine(session, case, first, second)
    hr, page = visit(third), f"/vetting/{case.public_id}"
    return said_after(hr, hr.post(f"{page}/qualify", page=page))


def test_a_good_decision_leads_to_an_account_by_the_same_mail(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    said = qualify(session, visit, case)
    assert "Noor Haddad is qualified until" in said
    assert "leads to an account of their own" in said
    assert len(session.scalars(select(Mail).where(Mail.to == case.expert.email)).all()) == 1
    found = re.search(r"http://localhost(/invitation/\S+)", mail_to(session, case.expert))
    assert found
    guest, password = visit(), "harbour violin cactus lamp 4"
    fields = {"password": password, "password_confirm": password}
    assert guest.post(found[1], page=found[1], **fields).status_code in {302, 303}
    session.expire_all()
    user = people.find(session, case.expert.email)
    assert user is not None
    assert (case.expert.user_id, user.is_a("expert")) == (user.id, True)
    assert guest.get("/me").status_code == 200


@SQLITE
def test_the_page_of_somebody_let_in_leads_to_the_case_and_shows_no_id(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    qualify(session, visit, case)
    page = visit(make_user(session, "vetter")).get(f"/roster/{case.expert.public_id}")
    assert f'href="/vetting/{case.public_id}">The case that was decided</a>' in page.text
    assert case.public_id not in words_of(page)
    officer = visit(make_user(session, "duty_officer")).get(f"/roster/{case.expert.public_id}")
    assert "The case that was decided" in words_of(officer)
    assert case.public_id not in officer.text


def test_who_has_an_account_is_told_to_sign_in(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    user = make_user(
        session, "focal_point", email=case.expert.email, password="harbour violin cactus lamp 4"
    )
    qualify(session, visit, case)
    assert "http://localhost/login" in mail_to(session, case.expert)
    session.expire_all()
    assert (case.expert.user_id, user.is_a("expert")) == (user.id, True)


def test_an_account_that_cannot_be_made_undoes_no_decision(
    session: Session, visit: Visit, case: VettingCase
) -> None:
    owner = make_user(session, "focal_point", email=case.expert.email)
    with writing():
        owner.active = False
    said = qualify(session, visit, case)
    assert "The account with this e-mail address is disabled." in said
    body = mail_to(session, case.expert)
    assert "http://localhost/login" not in body
    assert "/invitation/" not in body
    session.expire_all()
    assert (case.state, case.expert.status) == (stages.QUALIFIED, terms.QUALIFIED)
    assert case.expert.user_id is None
    assert [role.name for role in owner.roles] == ["focal_point"]


@SQLITE
def test_a_refusal_makes_no_account(session: Session, case: VettingCase) -> None:
    first, second, third = make_vetters(session)
    examine(session, case, first, second)
    decide(session, case, third, qualified=False)
    assert people.find(session, case.expert.email) is None
