"""Real workers: woken by a commit, any number of them, stopped without losing anything."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

import pytest
from flask import Flask

from core.accounts.models import User
from core.db import writing
from core.garbage import THRESHOLDS
from dispatch import outbox
from dispatch.advance import advance_due
from dispatch.models import EscalationPolicy
from dispatch.rules import terms
from dispatch.worker.loop import run
from dispatch.worker.turns import Turn, missing_worker
from roster.models import Expert
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.faults.crew import worker
from tests.faults.waiting import SOON_S, eventually

AN_HOUR_S = 3600


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


@pytest.fixture
def filer(world: World) -> User:
    return world.focal_point()


def test_a_commit_wakes_it_long_before_its_tick(
    app: Flask, post: Post, world: World, expert: Expert, filer: User
) -> None:
    looked = {"decide": Event(), "send": Event()}

    def look(name: str, work: Callable[[datetime], object]) -> Turn:
        def turn(now: datetime) -> None:
            work(now)
            looked[name].set()

        return Turn(name, turn, AN_HOUR_S, woken=True)

    with working(app, [look("decide", advance_due), look("send", outbox.send_due)]):
        assert all(first.wait(SOON_S) for first in looked.values())
        world.file(filer)
        eventually(lambda: len(post.held(expert)) == 1)


@contextmanager
def working(app: Flask, turns: list[Turn]) -> Iterator[None]:
    """A worker of this process that takes `turns` and no others, until the end of the block."""
    stopped, ended = Event(), []
    thread = Thread(target=lambda: ended.append(run(app, turns, stopped)))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
    assert ended == [True]


def test_three_workers_send_each_text_once(
    post: Post, world: World, filer: User, environment: dict[str, str]
) -> None:
    experts = world.experts(12)
    with worker(environment), worker(environment), worker(environment):
        for _ in range(4):
            world.file(filer, experts_needed=3)
        eventually(lambda: all(post.statuses(one) == [terms.SENT] for one in experts))
    assert [len(post.held(one)) for one in experts] == [1] * 12


def test_it_says_what_it_is_and_ends_when_it_is_told_to(
    post: Post, world: World, environment: dict[str, str]
) -> None:
    assert missing_worker(world.session, world.now) == "no worker"
    with worker(environment) as process:
        eventually(lambda: missing_worker(world.session, world.now) == "")
        assert process.stop() == 0
    assert "Worker" in process.said[0]
    assert process.said[-1] == "Worker stopped."
    assert missing_worker(world.session, world.now) == "no worker"


@pytest.fixture
def _process_as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_process_as_before")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_spares_what_it_has_built_from_every_collection(app: Flask, world: World) -> None:
    def stop_when_it_works() -> None:
        with app.app_context():
            eventually(lambda: missing_worker(world.session, world.now) == "")
        os.kill(os.getpid(), signal.SIGTERM)  # by now the worker takes it

    stopping = Thread(target=stop_when_it_works)
    stopping.start()
    built = [{"of": "no cycle"}]
    ended = app.test_cli_runner().invoke(args=["dispatch", "worker"])
    stopping.join()
    assert ended.exit_code == 0, ended.output
    assert gc.get_threshold() == THRESHOLDS
    assert not any(one is built for one in gc.get_objects())


def test_silence_moves_on_by_itself(
    post: Post, world: World, filer: User, environment: dict[str, str]
) -> None:
    near, far = world.experts(2)
    with writing() as session:
        session.get_one(EscalationPolicy, 1).reply_window_s = 2
    with worker(environment):
        request = world.file(filer)
        eventually(lambda: len(post.held(near)) == 1)
        eventually(lambda: len(post.held(far)) == 1)
    assert world.ladder(request)[0][1] == terms.LAPSED
