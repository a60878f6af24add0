"""People for the tests of accounts, and what a browser does to sign one of them in."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core import clock
from core.access import CODE_PAGE
from core.accounts import people
from core.accounts.models import OpenSession, User
from core.accounts.people import Details
from core.db import writing
from core.mail import Mail

GOOD = "wombat-lantern-quiver-oboe"
OTHER = "gravel-teacup-harvest-nine"
OFFICE = "UA"


def make_person(
    *roles: str, email: str = "", password: str | None = GOOD, language: str = "en"
) -> str:
    """Makes an account of `roles` and returns its e-mail address."""
    address = email or f"{'-'.join(roles)}@office.test"
    office = OFFICE if "focal_point" in roles else ""
    details = Details(
        email=address, roles=roles, name="Ada Person", office=office, language=language
    )
    with writing() as session:
        now = clock.now(session)
        people.create(session, details, actor="system", now=now, password=password)
    return address


def person(session: Session, email: str) -> User:
    """The account of `email`, as stored now."""
    session.rollback()
    return session.scalars(select(User).where(User.email == email)).one()


def token_of(page: TestResponse) -> str:
    """The CSRF token of the first form of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"no form on the page: {page.status}"
    return found.group(1)


def sign_in(client: FlaskClient, email: str, password: str = GOOD, **query: str) -> TestResponse:
    """What a browser does with the sign-in page; the second step is then taken for granted."""
    answer = give_password(client, email, password, **query)
    if answer.location == CODE_PAGE:
        with writing() as session:
            theirs = select(User.id).where(User.email == email)
            owing = update(OpenSession).where(OpenSession.user_id.in_(theirs))
            session.execute(owing.values(proved_at=clock.now(session)))
    return answer


def give_password(
    client: FlaskClient, email: str, password: str = GOOD, **query: str
) -> TestResponse:
    """The first step: what comes then depends on the account."""
    page = client.get("/login", query_string=query)
    form = {"email": email, "password": password, "csrf_token": token_of(page)}
    return client.post("/login", data=form | query)


def submit(client: FlaskClient, path: str, *, page: str = "", **fields: str) -> TestResponse:
    """Loads `page` (or `path`), takes its token and posts `fields` to `path`."""
    token = token_of(client.get(page or path))
    return client.post(path, data={"csrf_token": token, **fields})


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the account page opens."""
    return client.get("/account/").status_code == 200


def mails(session: Session) -> list[Mail]:
    """All mails, oldest first."""
    session.rollback()
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def link_in(mail: Mail) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"http://localhost(/\S+)", mail.body)
    assert found, "no link in the mail"
    return found.group(1)
