"""Deny by default: each role gets through the doors of the matrix and through no other."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.db import db
from core.web import CONTENT_SECURITY_POLICY
from roster.papers.views import POLICY
from tests.asking import Asker, person, verdict
from tests.dispatch.world import World
from tests.matrix import ROLES, ROWS
from tests.routes import routes
from tests.things import Everything, make_everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAST = "POST security.logout"
SHIPPED = {"place", "place_name"}  # a third of a million rows that no page writes
NOTED = {"sighting"}  # that somebody has looked is written down, and nothing else


@pytest.fixture
def world(session: Session) -> World:
    return World()


@pytest.fixture
def everything(world: World) -> Everything:
    """One of everything that an address can lead to."""
    return make_everything(world)


def check_headers(answer: TestResponse) -> None:
    headers, path = answer.headers, answer.request.path
    foreign = "attachment" in headers.get("Content-Disposition", "") and "papers" in path
    policy = POLICY if foreign else CONTENT_SECURITY_POLICY
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    # A calendar program keeps the feed, and asks each time whether it has changed.
    feed = answer.mimetype == "text/calendar"
    kept = "private, no-cache" if feed else "no-store"
    assert path.startswith("/static/") or headers["Cache-Control"] == kept


def test_every_route_has_a_row_and_every_row_a_route(app: Flask, everything: Everything) -> None:
    assert {name for name, *_ in routes(app, everything.things)} == set(ROWS)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_as_far_as_the_matrix_says_and_looking_changes_nothing(
    app: Flask, world: World, everything: Everything, role: str
) -> None:
    asker = Asker(app, person(world, role))
    doors = sorted(routes(app, everything.things), key=lambda one: one[0] == LAST)
    found: dict[str, str] = {}

    def ask(*, looking: bool) -> None:
        for name, _rule, method, path in doors:
            if looking == (method == "GET"):
                with asker.ask(method, path, expert=everything.expert.public_id) as answer:
                    check_headers(answer)
                    found[name] = verdict(answer)

    before = contents(world)
    ask(looking=True)
    assert contents(world) == before
    ask(looking=False)
    column = ROLES.index(role)
    assert found == {name: row.split()[column] for name, row in ROWS.items()}


def contents(world: World) -> dict[str, int]:
    """For each table, a number that changes with any of its rows."""
    session = world.session
    return {
        table.name: hash(repr(sorted(map(repr, session.execute(select(table))))))
        for table in db.metadata.sorted_tables
        if table.name not in SHIPPED | NOTED
    }
