"""Workers are woken by the commit, across connections, and by nothing else."""

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import wake
from core.db import db, writing
from core.reference.models import Region
from core.wake import Waker

SOON_S, NEVER_S = 10.0, 0.4


@pytest.fixture
def waker(app: Flask, session: Session) -> Iterator[Waker]:
    """Somebody who listens, as a worker in another process does."""
    waker = wake.listen(db.engine, threading.Event())
    yield waker
    waker.close()


def leave_work(code: str = "XX") -> None:
    with writing() as session:
        session.add(Region(code=code, names={}))
        wake.wake(session)


def test_a_commit_that_leaves_work_wakes(waker: Waker) -> None:
    leave_work()
    began = time.monotonic()
    assert waker.wait(SOON_S)
    assert time.monotonic() - began < 1


def test_work_that_is_left_while_nobody_waits_is_noticed_afterwards(waker: Waker) -> None:
    leave_work()
    leave_work("YY")
    assert waker.wait(SOON_S)


def test_waiting_ends_when_another_thread_commits(app: Flask, waker: Waker) -> None:
    woken: list[bool] = []
    waiting = threading.Event()

    def worker() -> None:
        waiting.set()
        woken.append(waker.wait(SOON_S))

    thread = threading.Thread(target=worker)
    thread.start()
    waiting.wait(timeout=5)
    leave_work()
    thread.join(timeout=SOON_S)
    assert woken == [True]


def test_a_change_that_is_rolled_back_wakes_nobody(session: Session, waker: Waker) -> None:
    def failing() -> None:
        leave_work()
        raise LookupError

    def change() -> None:
        with writing():
            failing()

    with pytest.raises(LookupError):
        change()
    assert not waker.wait(NEVER_S)
    with writing():
        assert wake.WAKE not in session.info


def test_reading_wakes_nobody(session: Session, waker: Waker) -> None:
    session.get(Region, "AFR")
    session.commit()
    assert not waker.wait(NEVER_S)


def test_news_is_told_once(waker: Waker) -> None:
    leave_work()
    assert waker.wait(SOON_S)
    assert not waker.wait(NEVER_S)


def test_every_listener_is_woken(app: Flask, waker: Waker) -> None:
    second = wake.listen(db.engine, threading.Event())
    leave_work()
    assert waker.wait(SOON_S)
    assert second.wait(SOON_S)
    second.close()


def test_a_stopped_worker_does_not_wait(app: Flask, session: Session) -> None:
    stopped = threading.Event()
    waker = wake.listen(db.engine, stopped)
    stopped.set()
    began = time.monotonic()
    assert not waker.wait(NEVER_S)
    assert time.monotonic() - began < NEVER_S + 1
    waker.close()
