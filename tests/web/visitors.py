"""Somebody in front of a page, and a program with a token: how the tests use the doors."""

import json
import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from core.accounts import sessions
from core.accounts.models import User
from core.accounts.tokens import create_token
from core.clock import now
from core.db import writing
from tests.web.description import check

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PHONE = "+380441234567"
ANSWERS = {
    "office": "UA", "kind": "CYB", "severity": "1", "summary": "Ransomware on all servers.",
    "contact_name": "Olena Koval", "contact_phone": PHONE, "mode": "either",
    "experts_needed": "1", "languages": "English",
}  # fmt: skip


class Visitor:
    """A browser; signed in as `user`, or nobody."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.client = app.test_client()
        if user is not None:
            # As after both steps of signing in, whose own tests are elsewhere.
            with writing() as database:
                at = now(database)
                secret = sessions.begin(database, user, at, way="password", proved_at=at)
            seen = int(at.timestamp())
            with self.client.session_transaction() as session:
                session.update(
                    _user_id=user.fs_uniquifier, _fresh=True, sid=secret, fs_cc="set", fs_paa=seen
                )

    def get(self, path: str, **more: Any) -> TestResponse:
        """Opens a page."""
        return self.client.get(path, **more)

    def token(self, page: str = "/crisis/new") -> str:
        """The CSRF token of this browser's session, as the forms of `page` hold it."""
        return token_in(self.get(page))

    def post(self, path: str, page: str = "/crisis/new", **fields: Any) -> TestResponse:
        """Presses a button: `fields` with the token of `page`."""
        return self.client.post(path, data={"csrf_token": self.token(page), **fields})

    def file(self, page: str = "/crisis/new", **changes: Any) -> TestResponse:
        """Fills in the form and sends it."""
        shown = self.get(page)
        return self.client.post("/crisis/new", data=filled_in(shown) | changes)


def filled_in(page: TestResponse) -> dict[str, Any]:
    """The usual answers in the form of `page`, with its hidden fields."""
    return {**ANSWERS, "csrf_token": token_in(page), "submission": submission_in(page)}


def token_in(page: TestResponse) -> str:
    """The CSRF token of the first form."""
    found = TOKEN.search(page.text)
    assert found, f"no form on the page: {page.status}"
    return found[1]


def submission_in(page: TestResponse) -> str:
    """The hidden name of one submission."""
    found = re.search(r'name="submission"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1]


INLINE = re.compile(r"</?(?:a|b|bdi|strong|span|time|q)\b[^>]*>")


def words_of(page: TestResponse) -> str:
    """What a reader sees in the main part: without tags and superfluous space."""
    main = re.split(r"<main\b[^>]*>", page.text)[-1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", INLINE.sub("", main))).split())


class Program:
    """A program that uses the API with the token of `user`, or without one."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self._client = app.test_client()
        self.headers: dict[str, str] = {}
        if user is not None:
            with writing() as session:
                token = create_token(session, user, actor="system", now=now())
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> TestResponse:
        """GET below /api/v1."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """POST JSON."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any) -> TestResponse:
        """PATCH with JSON."""
        return self.send("PATCH", path, body)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Any request; `headers` with _ for -. Its answer is held against the description."""
        return check(self.ask(method, path, body, **headers))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """The same, whatever the answer may be."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.open(
            f"/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json"} | self.headers | named,
        )
