"""What cannot be taken back is not done by one press: its button comes to light by another."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.accounts import sessions
from core.accounts.models import ApiToken
from core.accounts.tokens import create_token
from core.db import writing
from tests.factories import make_user
from tests.roster.test_papers import A_PDF
from tests.web.applicants import Applicant
from tests.web.forms import is_folded
from tests.web.visitors import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_administrator_sees_what_follows_before_the_button(
    session: Session, visit: Callable[..., Visitor]
) -> None:
    officer = make_user(session, "duty_officer")
    with writing() as database:
        now = clock.now(database)
        create_token(database, officer, actor="system", now=now)
        sessions.begin(database, officer, now, way="password")
    number = session.scalars(select(ApiToken.id)).one()
    here = f"/admin/users/{officer.public_id}"
    page = visit(make_user(session, "admin")).get(here).text
    for verb in ("disable", "sign_out", f"tokens/{number}/revoke"):
        assert is_folded(page, f"{here}/{verb}"), verb
    assert not is_folded(page, f"{here}/token")


def test_nobody_signs_out_all_their_other_devices_by_one_press(
    session: Session, visit: Callable[..., Visitor]
) -> None:
    vetter = make_user(session, "vetter")
    visit(vetter)
    path = "/account/sessions"
    assert is_folded(visit(vetter).get(path).text, f"{path}/end-others")


def test_an_applicant_removes_no_paper_by_one_press(app: Flask, session: Session) -> None:
    applicant = Applicant(app).fill_all()
    applicant.fill("cv", file=(io.BytesIO(A_PDF), "cv.pdf"))
    named = {"name": "CBCI", "issuer": "BCI", "number": "N-77", "skill": "BCP"}
    applicant.fill("certificates", **named, expires_on="2031-05-09")
    for step in ("cv", "certificates"):
        page = applicant.get(step)
        assert is_folded(page.text, f"{page.request.path}/remove"), step
