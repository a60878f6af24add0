"""The world of dispatch, and who stands at its doors."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.accounts.models import User
from tests.dispatch.world import World
from tests.web.visitors import Program, Visitor

Visit = Callable[..., Visitor]
Call = Callable[..., Program]


@pytest.fixture
def world(session: Session) -> World:
    """Offices, people, experts and time."""
    return World()


@pytest.fixture
def visit(app: Flask, session: Session) -> Visit:
    """`visit(user)`: a browser in which they are signed in; `visit()`: a stranger's."""

    def make(user: User | None = None) -> Visitor:
        return Visitor(app, user)

    return make


@pytest.fixture
def call(app: Flask, session: Session) -> Call:
    """`call(user)`: a program with a token of theirs; `call()`: one without."""

    def make(user: User | None = None) -> Program:
        return Program(app, user)

    return make
