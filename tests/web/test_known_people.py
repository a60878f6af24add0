"""What somebody is told who is nominated or applies, and whom the roster has met before."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from roster.rules import terms
from tests.factories import make_expert, make_user
from tests.roster.casebook import open_case
from tests.web.applicants import PHONE, Applicant
from tests.web.test_apply import mails
from tests.web.visitors import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("status", "has_case", "told"),
    [
        (terms.APPLICANT, False, "/apply/nominated/"),
        (terms.REMOVED, False, "/apply/nominated/"),
        (terms.APPLICANT, True, "your application is being examined"),
        (terms.LISTED, False, "You are on the roster already"),
    ],
)
def test_who_was_refused_and_is_nominated_is_invited_anew_and_the_coordinator_sees_no_difference(
    app: Flask, session: Session, status: str, has_case: bool, told: str
) -> None:
    there = make_expert(session, email="known@example.org", status=status)
    if has_case:
        open_case(session, there)
    visitor = Visitor(app, make_user(session, "focal_point", name="Olena Koval"))
    asked = {"name": "Amina", "language": "en", "reason": "She rebuilt our register."}
    pages = [visitor.post("/nominate", page="/nominate", email=email, **asked)
             for email in ("new@example.org", there.email)]  # fmt: skip
    assert {(page.status_code, page.location) for page in pages} == {(303, "/nominate/thanks")}
    [mail] = mails(session, there.email)
    assert told in " ".join(mail.body.split())
    assert ("on the roster already" in mail.body) == (status == terms.LISTED)


@pytest.mark.parametrize(
    ("status", "has_case", "told"),
    [
        (terms.APPLICANT, True, "Your first application is still being examined"),
        (terms.APPLICANT, False, "http://localhost/apply"),
        (terms.LISTED, False, "You are on the roster already"),
    ],
)
def test_whose_phone_is_in_anothers_application_is_told_how_they_stand(
    app: Flask, session: Session, status: str, has_case: bool, told: str
) -> None:
    there = make_expert(session, email="known@example.org", phone=PHONE, status=status)
    if has_case:
        open_case(session, there)
    assert Applicant(app).fill_all().send().status_code == 303
    [mail] = mails(session, there.email)
    assert told in " ".join(mail.body.split())
    assert ("on the roster already" in mail.body) == (status == terms.LISTED)
