"""Somebody is free again just while a request finds nobody: one of the two sees the other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from core import clock
from core.accounts.models import User
from core.db import writing
from dispatch import intake
from dispatch.advance import advance, delivery_failed
from dispatch.models import CrisisRequest, Offer
from roster import registrar
from roster.models import Expert, RosterChange
from tests.conftest import ENVIRONMENT
from tests.dispatch import promises
from tests.dispatch.world import World

WAIT_S = 20
HALF_DONE = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """No provider is needed: nothing leaves here."""
    return ENVIRONMENT | {"DATABASE_URL": database_url}


@contextmanager
def a_filing_that_found_nobody(app: Flask, world: World) -> Iterator[None]:
    """It is about to commit inside the block, and has when the block is left."""
    crisis, filer = world.report(), world.focal_point().id
    found, go_on = Event(), Event()

    def file() -> None:
        with app.app_context(), writing() as session:
            intake.file_request(
                session, crisis, filer=session.get_one(User, filer), through="form",
                now=clock.now(session),
            )  # fmt: skip
            found.set()
            assert go_on.wait(WAIT_S)

    with ThreadPoolExecutor(1) as pool:
        filing = pool.submit(file)
        try:
            assert found.wait(WAIT_S)
            yield
        finally:
            go_on.set()
        filing.result(WAIT_S)


def away(world: World, expert: Expert, *, back: bool = False) -> None:
    with writing() as session:
        person = session.get_one(Expert, expert.id)
        if back:
            registrar.end_absences(session, person, actor="hr", now=world.now)
        else:
            registrar.set_away(session, person, None, actor="hr", now=world.now)


@HALF_DONE
def test_who_comes_back_while_a_filing_finds_nobody_is_asked(app: Flask, world: World) -> None:
    expert = world.expert(1)
    away(world, expert)
    world.tick()
    with a_filing_that_found_nobody(app, world):
        away(world, expert, back=True)
        world.tick()
        assert world.session.scalar(select(func.count(RosterChange.id))) == 0, "heeded in vain"
    world.tick()
    request = world.session.scalars(select(CrisisRequest)).unique().one()
    assert world.ladder(request) == [(expert.name, "open")]
    promises.check(world.session, world.now)


def test_a_request_that_found_nobody_is_looked_at_once_more_and_then_sleeps(world: World) -> None:
    request = world.file()
    assert world.session.get_one(CrisisRequest, request.id).status == "unfilled"
    assert world.tick() == 1
    assert world.tick() == 0
    stored = world.session.get_one(CrisisRequest, request.id)
    assert stored.wake_at is None or stored.wake_at > world.now


def test_two_looks_in_the_transaction_that_finds_nobody_leave_a_third_to_come(
    world: World,
) -> None:
    request = world.file()
    world.tick()
    expert = world.expert(1)
    world.advance(request)
    now, made = world.now, world.offer_to(expert).id
    with writing() as session:
        offer = session.get_one(Offer, made)
        delivery_failed(session, offer, now)
        advance(session, offer.request, now)
        session.flush()
        session.execute(delete(RosterChange))
    assert world.tick() == 1
