"""The tests' own ground: what conftest.py promises to every other test."""

import socket
from datetime import timedelta

import pytest
import pytest_socket
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.db import db
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
