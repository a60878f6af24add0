"""The tests' own ground: what conftest.py promises to every other test."""

import socket
from datetime import timedelta

import pytest
import pytest_socket
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.accounts.models import User
from core.db import db
from tests import factories
from tests.conftest import Clock


def test_the_database_is_migrated(session: Session) -> None:
    assert "crisis_request" in inspect(db.engine).get_table_names()


def test_the_clock_moves_for_open_sessions_too(session: Session, clock: Clock) -> None:
    before = core_clock.now(session)
    clock.forward(minutes=5)
    assert core_clock.now(session) - before >= timedelta(minutes=5)


def test_the_network_is_closed(app: Flask) -> None:
    warned = pytest.warns(UserWarning, match="tried to use socket")
    with warned, pytest.raises(pytest_socket.SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_made_expert_was_let_in_by_two_different_vetters(session: Session) -> None:
    expert = factories.make_expert(session, skills={"CIR": 3}, languages=("fr", "ar"))
    names = {session.get_one(User, key).email for key in (expert.vetted_by, expert.approved_by)}
    assert names == set(factories.VETTERS)
    assert {claim.skill: claim.level for claim in expert.skills} == {"CIR": 3}
    assert factories.make_expert(session).phone != expert.phone


def test_a_made_focal_point_belongs_to_an_office(session: Session) -> None:
    person = factories.make_user(session, "focal_point", office="KE", phone="+254 20 555 0100")
    assert person.is_a("focal_point")
    assert person.office_code == factories.office(session, "KE").code
    assert person.phone == "+254205550100"
