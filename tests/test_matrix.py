"""Deny by default: each role gets through the doors of the matrix and through no other."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.accounts.models import User
from core.clock import now
from core.db import db, writing
from core.web import CONTENT_SECURITY_POLICY
from dispatch import incidents
from dispatch.me import feed_address
from dispatch.models import InboundMessage
from tests.dispatch.world import World
from tests.matrix import ROLES, ROWS
from tests.routes import Things, routes
from tests.web.visitors import Program, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAST = "POST security.logout"
SHIPPED = {"place", "place_name"}  # a third of a million rows that no page writes
NOTED = {"sighting"}  # that somebody has looked is written down, and nothing else


@pytest.fixture
def world(session: Session) -> World:
    return World()


@pytest.fixture
def things(world: World) -> Things:
    """A case of UA with an offer that was made, somebody's account, and work on the board."""
    [expert] = world.experts(1)
    request = world.file(contact_phone="+380441234567")
    with writing() as session:
        feed_address.renew(session, expert, actor="x", now=now())
        incidents.record(session, "delivery", "delivery", now())
        session.add(
            InboundMessage(sid="1", sender="+1", body="?", received_at=now(), outcome="unclear")
        )
    return Things(request, world.offer_to(expert), world.person("auditor").public_id)


def person(world: World, role: str) -> User | None:
    if role == "nobody":
        return None
    if role in {"own", "other"}:
        return world.focal_point("UA" if role == "own" else "FR")
    return world.person(role)


def verdict(answer: TestResponse) -> str:
    """How far somebody got, in the signs of the matrix."""
    assert answer.status_code < 500 or answer.request.path == "/readyz", answer.status
    if "/login?" in (answer.location or ""):
        return "L"
    return {401: "1", 403: "-", 404: "?"}.get(answer.status_code, "+")


def check_headers(answer: TestResponse) -> None:
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    # A calendar program keeps the feed, and asks each time whether it has changed.
    feed = answer.mimetype == "text/calendar"
    kept = "private, no-cache" if feed else "no-store"
    assert answer.request.path.startswith("/static/") or headers["Cache-Control"] == kept


def ask(app: Flask, user: User | None, method: str, path: str, things: Things) -> TestResponse:
    if path.startswith("/api/"):
        return Program(app, user).ask(method, path.removeprefix("/api/v1"), {})
    visitor = Visitor(app, user)
    fields = {"expert": things.offer.expert.public_id}
    data = fields | {"csrf_token": visitor.token()} if method != "GET" else None
    return visitor.client.open(path, method=method, data=data)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask, things: Things) -> None:
    assert {name for name, *_ in routes(app, things)} == set(ROWS)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_as_far_as_the_matrix_says(
    app: Flask, world: World, things: Things, role: str
) -> None:
    user = person(world, role)
    found: dict[str, str] = {}
    for name, _rule, method, path in sorted(routes(app, things), key=lambda one: one[0] == LAST):
        with ask(app, user, method, path, things) as answer:
            check_headers(answer)
            found[name] = verdict(answer)
    column = ROLES.index(role)
    assert found == {name: row.split()[column] for name, row in ROWS.items()}


def test_nobody_who_only_looks_changes_anything(app: Flask, world: World, things: Things) -> None:
    people = [person(world, role) for role in ROLES]
    pages = [Visitor(app, user) for user in people]
    programs = [Program(app, user) for user in people]
    before = everything(world)
    for name, _rule, method, path in routes(app, things):
        if method != "GET":
            continue
        for page, program in zip(pages, programs, strict=True):
            if path.startswith("/api/"):
                program.ask("GET", path.removeprefix("/api/v1")).close()
            else:
                page.get(path).close()
        assert everything(world) == before, name


def everything(world: World) -> dict[str, int]:
    """For each table, a number that changes with any of its rows."""
    session = world.session
    return {
        table.name: hash(repr(sorted(map(repr, session.execute(select(table))))))
        for table in db.metadata.sorted_tables
        if table.name not in SHIPPED | NOTED
    }
