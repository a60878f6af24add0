"""What cannot be taken back is not done by one press: its button comes to light by another."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.accounts import sessions
from core.accounts.models import ApiToken
from core.accounts.tokens import create_token
from core.db import writing
from dispatch.answers import answer_offer
from tests.dispatch.world import World
from tests.factories import make_user
from tests.roster.test_papers import A_PDF
from tests.web.applicants import Applicant
from tests.web.conftest import Visit
from tests.web.forms import is_folded

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_administrator_sees_what_follows_before_the_button(
    session: Session, visit: Visit
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
    session: Session, visit: Visit
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


def test_nobody_closes_a_case_by_one_press(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file()
    with writing() as session:
        offer = world.offer_to(expert)
        answer_offer(session, offer, accept=True, received_at=clock.now(session), via="link")
    for who, here in ((world.focal_point(), "/crisis/"), (world.officer(), "/desk/")):
        path = f"{here}{request.ref}"
        assert is_folded(visit(who).get(path).text, f"{path}/close"), here


def test_nobody_loses_the_address_of_their_calendar_by_one_press(
    world: World, visit: Visit
) -> None:
    own = world.person("expert")
    world.expert(1, user_id=own.id)
    page = visit(own)
    here = "/me/availability"
    assert not is_folded(page.get(here).text, "/me/calendar/renew")
    page.post("/me/calendar/renew", page=here)
    for action in ("renew", "close"):
        assert is_folded(page.get(here).text, f"/me/calendar/{action}"), action
