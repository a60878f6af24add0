"""Whoever holds an expert's row waits for no other's, so that no two searches wait in a ring."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, text, update

from core import clock
from core.accounts.models import User
from core.db import db, writing
from dispatch import answers, intake, outbox
from dispatch.advance import offer_to
from dispatch.channels.handover import Outgoing, Refused
from dispatch.models import CrisisRequest, EscalationPolicy
from dispatch.outbox import settle
from dispatch.outbox.claim import claim_due
from roster.models import Expert, RosterChange
from sandbox.faults import Fault, Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.faults.waiting import eventually

GONE = Refused(21211, "no such number")
# Whoever waits for an expert longer than this fails.
IMPATIENT = text("SET LOCAL lock_timeout = '500ms'")
WAITERS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def texts_only(world: World) -> None:
    """A text that fails is the end of its offer."""
    with writing() as session:
        session.execute(update(EscalationPolicy).values(channels=["sms"]))


@contextmanager
def held(expert: Expert) -> Iterator[Connection]:
    """Somebody else holds `expert`, as a search does, and in the end does nothing with them."""
    with db.engine.connect() as other:
        other.execute(
            text("SELECT FROM expert WHERE id = :id FOR NO KEY UPDATE"), {"id": expert.id}
        )
        yield other


def claimed(world: World, *experts: Expert) -> list[Outgoing]:
    phones = [expert.phone for expert in experts]
    return [each for each in claim_due(world.now, 10).outgoing if each.to in phones]


def unreachable(world: World, expert: Expert) -> None:
    with writing() as session:
        session.get_one(Expert, expert.id).sms_failed_at = world.now


def names(world: World, request: CrisisRequest) -> list[tuple[str, str]]:
    return world.ladder(world.session.get_one(CrisisRequest, request.id))


def test_a_number_that_failed_holds_its_expert_and_the_next_is_not_waited_for(
    world: World,
) -> None:
    first, second, third = world.experts(3)
    request = world.file()
    (sent,) = claimed(world, first)
    with held(second), writing() as session:
        session.execute(IMPATIENT)
        settle.hold_requests(session, [request.id])
        settle.store(session, [(sent, GONE)], world.now)
    assert names(world, request) == [(first.name, "undeliverable"), (third.name, "open")]


def test_after_an_offer_that_no_channel_carries_the_next_is_not_waited_for(world: World) -> None:
    first, second, third = world.experts(3)
    unreachable(world, first)
    filer, crisis = world.focal_point().id, world.report()
    with held(second), writing() as session:
        session.execute(IMPATIENT)
        request = intake.file_request(
            session, crisis, filer=session.get_one(User, filer), through="form",
            now=clock.now(session),
        ).request  # fmt: skip
    assert names(world, request) == [(first.name, "undeliverable"), (third.name, "open")]


def test_who_was_not_waited_for_and_is_free_after_all_is_asked_in_the_next_look(
    world: World,
) -> None:
    request = world.file()
    world.tick()
    first, second = world.experts(2)
    unreachable(world, first)
    with held(second):
        world.advance(request)
        with writing() as session:
            session.execute(delete(RosterChange))
        assert names(world, request) == [(first.name, "undeliverable")]
    world.tick()
    assert names(world, request) == [(first.name, "undeliverable"), (second.name, "open")]


def test_beside_a_chosen_expert_no_other_is_waited_for(world: World) -> None:
    request = world.file(experts_needed=2)
    world.tick()
    chosen, second, third = world.experts(3)
    now = world.now
    with held(second), writing() as session:
        session.execute(IMPATIENT)
        offer_to(
            session, session.get_one(CrisisRequest, request.id), session.get_one(Expert, chosen.id),
            actor="x", reason="y", now=now,
        )  # fmt: skip
    assert (third.name, "open") in names(world, request)
    assert second.name not in dict(names(world, request))


def test_who_says_to_be_away_has_their_place_taken_without_waiting(world: World) -> None:
    first, second, third = world.experts(3)
    request, phone, now = world.file(), first.phone, world.now
    with held(second), writing() as session:
        session.execute(IMPATIENT)
        assert answers.record_reply(session, "SM1", phone, "", "AWAY 2", received_at=now)
    assert names(world, request) == [(first.name, "withdrawn"), (third.name, "open")]


def test_a_search_that_holds_nobody_waits_for_the_nearest(app: Flask, world: World) -> None:
    first, _second = world.experts(2)
    filer, crisis = world.focal_point().id, world.report()

    def file() -> int:
        with app.app_context(), writing() as session:
            return intake.file_request(
                session, crisis, filer=session.get_one(User, filer), through="form",
                now=clock.now(session),
            ).request.id  # fmt: skip

    with ThreadPoolExecutor(1) as pool, held(first) as other:
        filing = pool.submit(file)
        eventually(waits)
        other.rollback()
        request = world.session.get_one(CrisisRequest, filing.result(20))
    assert names(world, request) == [(first.name, "open")]


def waits() -> bool:
    with db.engine.connect() as looking:
        return bool(looking.scalar(WAITERS))


def test_of_two_texts_that_fail_at_once_no_transaction_holds_both_experts(
    app: Flask, world: World, post: Post
) -> None:
    """Somebody holds the second: whoever waits for them has let go of the first."""
    first, second = sorted(world.experts(2), key=lambda expert: expert.id)
    world.file(), world.file()
    post.sandbox.add_fault(Fault(Kind.REJECT, status=400, code=21211, times=2))
    now, wanted = world.now, {"id": first.id}

    def send() -> int:
        with app.app_context():
            return outbox.send_due(now)

    with ThreadPoolExecutor(1) as pool, held(second) as other:
        sending = pool.submit(send)
        eventually(waits)
        with db.engine.begin() as third:
            third.execute(text("SELECT FROM expert WHERE id = :id FOR UPDATE NOWAIT"), wanted)
        other.rollback()
        sending.result(20)
    assert world.offer_to(second).status == "undeliverable"
