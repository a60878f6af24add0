"""One request of one person at one route, and how far they got, in the signs of the matrix."""

from flask import Flask
from werkzeug.test import TestResponse

from core.accounts.models import User
from tests.dispatch.world import World
from tests.web.visitors import Program, Visitor

API = "/api/v1"


def person(world: World, role: str) -> User | None:
    """Somebody new with a role of the matrix."""
    if role == "nobody":
        return None
    if role in {"own", "other"}:
        return world.focal_point("UA" if role == "own" else "FR")
    return world.person(role)


class Asker:
    """Somebody with a browser and a program, both signed in as `user`, or neither."""

    def __init__(self, app: Flask, user: User | None) -> None:
        self.visitor, self._program = Visitor(app, user), Program(app, user)
        self._token = ""

    def ask(self, method: str, path: str, **fields: str) -> TestResponse:
        """Asks for `path`: a program below /api/, a browser with its CSRF token elsewhere."""
        if path.startswith(API):
            return self._program.ask(method, path.removeprefix(API), {})
        if method != "GET" and not self._token:
            self._token = self.visitor.token()
        data = fields | {"csrf_token": self._token} if method != "GET" else None
        return self.visitor.client.open(path, method=method, data=data)


def verdict(answer: TestResponse) -> str:
    """How far somebody got, in the signs of the matrix."""
    assert answer.status_code < 500 or answer.request.path == "/readyz", answer.status
    if "/login?" in (answer.location or ""):
        return "L"
    return {401: "1", 403: "-", 404: "?", 410: "?"}.get(answer.status_code, "+")
