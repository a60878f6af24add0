"""Somebody's authenticator app, and the pages on which it is used."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.access import CODE_PAGE
from core.accounts import codes, setting_up
from core.accounts.recovery import Sheet
from core.clock import now
from core.db import writing
from tests.conftest import Clock
from tests.core.people import give_password, make_person, person, submit, token_of
from tests.web.visitors import Visitor

APP_PAGE = "/sign-in/app"
OWN_PAGE = "/account/second-step"
NOT_RIGHT = "This code is not right"
VETTER = "vetter@office.test"
RECOVERY = re.compile(r"\b(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b")
_SECRET = re.compile(r'app-secret"><bdi dir="ltr">([A-Z2-7 ]+)<')
NO_CODES = Sheet((), "00" * 16, ())


class Phone:
    """An app that knows the secret and the time; `client` is the browser beside it."""

    def __init__(self, client: FlaskClient, clock: Clock, app: Flask, secret: str = "") -> None:
        self.client, self.clock, self.app, self.secret = client, clock, app, secret

    def code(self, **later: float) -> str:
        """What it shows; after `later`, when given, so that it is another one than before."""
        if later:
            self.clock.forward(**later)
        with self.app.app_context():
            return codes.code_of(self.secret, now())

    def set_up(self) -> list[str]:
        """Reads the secret as text, enters the first code, and returns the recovery codes."""
        found = _SECRET.search(self.client.get(APP_PAGE).text)
        assert found
        self.secret = f'{{"key":"{found[1].replace(" ", "")}","type":"totp","v":1}}'
        answer = submit(self.client, APP_PAGE, code=self.code())
        assert answer.status_code == 200, answer.text
        return RECOVERY.findall(answer.text)

    def enter(self, code: str, client: FlaskClient) -> TestResponse:
        """Types a code in another browser."""
        return submit(client, CODE_PAGE, code=code)

    def again(self, app: Flask | None = None) -> FlaskClient:
        """Another browser of the same vetter, after the password."""
        browser = (app or self.app).test_client()
        assert give_password(browser, VETTER).location == CODE_PAGE
        return browser


def vetters_phone(session: Session, clock: Clock, app: Flask) -> Phone:
    """A vetter who set the app up a while ago, is signed in, and has no recovery codes."""
    user = person(session, make_person("vetter", email=VETTER))
    browser = Visitor(app, user).client
    with writing() as database:
        secret, at = codes.new_secret(), now(database)
        setting_up.set_up(database, user, secret, step=0, sheet=NO_CODES, now=at)
    return Phone(browser, clock, app, secret)


def form_of(browser: FlaskClient, code: str) -> dict[str, str]:
    """The form of the code page with its token, ready to be sent."""
    return {"csrf_token": token_of(browser.get(CODE_PAGE)), "code": code}
