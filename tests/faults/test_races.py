"""Several people and workers at the very same moment, in real threads, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.accounts.models import User
from core.db import db, writing
from dispatch import answers, intake
from dispatch.advance import NotDeployableError, advance_due, offer_to
from dispatch.models import CrisisRequest, InboundMessage, Mission, Offer
from dispatch.reports.report import read_report
from dispatch.rules.lifecycle import MoveNotAllowedError
from roster import registrar
from roster.models import Expert
from tests.conftest import ENVIRONMENT
from tests.dispatch import promises
from tests.dispatch.world import World, report

Result = TypeVar("Result")
ROUNDS = 3


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """No provider is needed: nothing leaves here."""
    return ENVIRONMENT | {"DATABASE_URL": database_url}


def at_once(app: Flask, *calls: Callable[[], Result]) -> list[Result]:
    """What each of `calls` returns, all begun at one moment; raises what any of them raises."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        with app.app_context():
            db.session()
            barrier.wait()
            return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result() for done in [pool.submit(run, call) for call in calls]]


def text(sid: str, phone: str, body: str) -> Callable[[], str | None]:
    """A text that arrives."""

    def call() -> str | None:
        received_at = clock.now()
        with writing() as session:
            return answers.record_reply(
                session, sid, phone, "+15005550006", body, received_at=received_at
            )

    return call


def outcomes(world: World) -> list[str]:
    """What came of all texts."""
    return sorted(world.session.scalars(select(InboundMessage.outcome)))


def hold_together(world: World) -> None:
    """The promises, and the audit chain."""
    promises.check(world.session, world.now)
    assert audit.verify(world.session) is None


def test_two_yeses_at_once_give_one_mission(app: Flask, world: World) -> None:
    for round_ in range(ROUNDS):
        experts = world.experts(5)
        request = world.file()
        for expert in experts[:2]:
            text(f"no{round_}{expert.id}", expert.phone, "2")()
        calls = [text(f"yes{round_}{expert.id}", expert.phone, "1") for expert in experts[2:]]
        at_once(app, *calls)
        assert len(world.missions(request)) == 1
        states = [state for _, state in world.ladder(request)[2:]]
        assert sorted(states) == ["accepted", "withdrawn", "withdrawn"]
        hold_together(world)
        world.retire_everybody()
    assert outcomes(world).count("accepted") == ROUNDS
    assert outcomes(world).count("taken") == 2 * ROUNDS


def test_the_same_text_at_once_acts_once(app: Flask, world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    answered = at_once(app, *[text("same", first.phone, "2")] * 4)
    assert len(set(answered)) == 1
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]
    assert outcomes(world) == ["declined"]


def test_the_same_report_at_once_is_one_request(app: Flask, world: World) -> None:
    world.experts(2)
    filer = world.focal_point().id

    def file() -> tuple[str, bool]:
        with writing() as session:
            filed = intake.file_request(
                session, read_report(report()), filer=session.get_one(User, filer), through="form",
                now=clock.now(session), idempotency=("form", "once"),
            )  # fmt: skip
            return filed.request.ref, filed.created

    filed = at_once(app, *[file] * 4)
    assert len({ref for ref, _ in filed}) == 1
    assert sorted(created for _, created in filed) == [False, False, False, True]
    assert world.session.scalar(select(func.count(Offer.id))) == 1
    hold_together(world)


def test_many_offices_at_once_never_get_the_same_expert(app: Flask, world: World) -> None:
    world.experts(6)
    filer = world.officer().id

    def file() -> str:
        with writing() as session:
            return intake.file_request(
                session, read_report(report(experts_needed=2)), filer=session.get_one(User, filer),
                through="desk", now=clock.now(session),
            ).request.number  # fmt: skip

    numbers = at_once(app, *[file] * 6)
    assert len(set(numbers)) == 6
    asked = world.session.scalars(select(Offer.expert_id).where(Offer.status == "open")).all()
    assert len(asked) == len(set(asked)) == 6
    hold_together(world)


def test_several_workers_advance_each_request_once(app: Flask, world: World) -> None:
    world.experts(9)
    filer = world.officer()
    requests = [world.file(filer, severity=3) for _ in range(4)]
    world.forward(minutes=61)
    now = world.now
    at_once(app, *[lambda: advance_due(now)] * 3)
    for request in requests:
        assert [state for _, state in world.ladder(request)] == ["expired", "open"]
    hold_together(world)


@pytest.mark.parametrize("other", ["cancel", "suspend", "expire"])
def test_a_yes_at_the_moment_of_something_else_is_taken_or_told(
    app: Flask, world: World, other: str
) -> None:
    for round_ in range(ROUNDS):
        expert = world.expert(1)
        request = world.file()

        def do_other(expert_id: int = expert.id, request_id: int = request.id) -> None:
            with writing() as session:
                now = clock.now(session)
                if other == "cancel":
                    found = session.get_one(CrisisRequest, request_id)
                    intake.cancel(session, found, "over", actor="x", now=now)
                elif other == "suspend":
                    found_expert = session.get_one(Expert, expert_id)
                    registrar.suspend(session, found_expert, "x", actor="hr", now=now)
            advance_due(clock.now())

        if other == "expire":
            offer = world.offer_to(expert)
            world.forward(seconds=(offer.deadline - world.now).total_seconds() - 0.02)
        at_once(app, text(f"yes{round_}", expert.phone, "1"), do_other)
        world.tick()
        hold_together(world)
        running = [m for m in world.missions(request) if m.status == "accepted"]
        if other == "cancel":
            assert running == []
        if other == "suspend":
            assert running == []
        assert len(running) <= 1
        world.retire_everybody()


def test_two_officers_cannot_both_choose_the_last_free_expert(app: Flask, world: World) -> None:
    first = world.file(severity=2)
    second = world.file(world.focal_point("FR"), office="FR", severity=2)
    expert = world.expert(1)

    chosen_id = expert.id

    def choose(request_id: int) -> Callable[[], str]:
        def call() -> str:
            with writing() as session:
                try:
                    chosen = offer_to(
                        session, session.get_one(CrisisRequest, request_id),
                        session.get_one(Expert, chosen_id), actor="x", reason="y",
                        now=clock.now(session),
                    )  # fmt: skip
                except (NotDeployableError, MoveNotAllowedError) as refused:
                    return type(refused).__name__
                return chosen.status

        return call

    assert sorted(at_once(app, choose(first.id), choose(second.id))) == [
        "NotDeployableError",
        "open",
    ]
    hold_together(world)


def test_no_seat_is_taken_twice_behind_our_back(world: World) -> None:
    """The indexes themselves: whatever the program believes, the rows cannot be."""
    (expert,) = world.experts(1)
    request = world.file()
    text("yes", expert.phone, "1")()
    (mission,) = world.missions(request)
    columns = {name: getattr(mission, name) for name in ("request_id", "expert_id", "slot", "seat")}
    other = world.offer_to(expert)
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Mission(**columns, offer_id=other.id, accepted_at=world.now))
