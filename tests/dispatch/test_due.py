"""What the worker does on a tick: only what is due, one bad row alone, news once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from core.db import writing
from dispatch import intake
from dispatch.advance import advance_due, delivery_failed, handed_over
from dispatch.advance.due import is_due
from dispatch.models import CrisisRequest, EscalationPolicy, Incident, Offer
from roster import registrar
from roster.models import Expert, RosterChange
from tests.dispatch.world import World


def test_a_bad_row_stops_no_other_and_is_on_the_board_until_it_is_well(world: World) -> None:
    first, second, third = world.experts(3)
    bad, good = world.file(), world.file()
    with writing() as session:
        session.execute(
            update(CrisisRequest).where(CrisisRequest.id == bad.id).values(skills=[["BCP"]])
        )
    world.forward(minutes=11)
    world.tick()
    assert world.ladder(bad) == [(first.name, "open")]
    assert world.ladder(good) == [(second.name, "expired"), (third.name, "open")]
    incident = world.session.scalars(select(Incident).where(Incident.kind == "dead_letter")).one()
    assert (incident.request_id, incident.detail["number"]) == (bad.id, bad.number)
    with writing() as session:
        session.execute(update(CrisisRequest).where(CrisisRequest.id == bad.id).values(skills=[]))
    assert world.tick() == 0, "it is tried again after a minute, not at once"
    world.forward(minutes=1, seconds=1)
    world.tick()
    assert world.ladder(bad)[0] == (first.name, "expired")
    assert world.session.get_one(Incident, incident.id).cleared_at is not None


def test_news_of_the_roster_is_heeded_once_and_removed(world: World) -> None:
    request = world.file()
    expert = world.expert(1)
    with writing() as session:
        registrar.tell(session, session.get_one(Expert, expert.id), "x", actor="hr", now=world.now)
    assert world.tick() == 1
    assert world.session.scalar(select(func.count(RosterChange.id))) == 0
    assert world.ladder(request) == [(expert.name, "open")]
    assert world.tick() == 0


def test_news_that_is_younger_than_the_tick_is_not_lost(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    before = world.now
    world.forward(seconds=5)
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.set_away(session, expert, None, actor="hr", now=world.now)
    advance_due(before)
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]


def test_an_expired_validity_ends_the_offer_when_the_roster_says_so(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        expert.valid_until = (world.now - timedelta(days=2)).date()
        registrar.tell(session, expert, "expired", actor="hr", now=world.now)
    world.tick()
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]


def test_the_deadline_starts_with_the_first_hand_over_and_never_moves_again(world: World) -> None:
    (expert,) = world.experts(1)
    world.file()
    made = world.offer_to(expert)
    for minutes in (2, 5):
        world.forward(minutes=minutes)
        with writing() as session:
            offer = session.get_one(Offer, made.id)
            handed_over(session, [offer.id], world.now)
            attempt = offer.attempts[0]
            attempt.claimed_at = attempt.sent_at = attempt.sent_at or world.now
    late = world.offer_to(expert).deadline - made.created_at
    assert timedelta(minutes=12) <= late < timedelta(minutes=12, seconds=30)
    world.forward(minutes=4)
    world.tick()
    assert world.offer_to(expert).status == "open"
    world.forward(minutes=2)
    world.tick()
    assert world.offer_to(expert).status == "expired"


def test_an_offer_that_cannot_be_delivered_moves_on_at_once(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    with writing() as session:
        offer = session.scalars(select(Offer)).one()
        delivery_failed(session, offer, world.now)
        delivery_failed(session, offer, world.now)
    assert world.ladder(request) == [(first.name, "undeliverable"), (second.name, "open")]


def test_an_expert_without_a_channel_that_works_is_passed_over_and_shown(world: World) -> None:
    with writing() as session:
        session.execute(update(EscalationPolicy).values(channels=["sms"]))
    first, second = world.experts(2)
    with writing() as session:
        session.get_one(Expert, first.id).sms_failed_at = world.now
    request = world.file()
    assert world.ladder(request) == [(first.name, "undeliverable"), (second.name, "open")]


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_a_request_sleeps_until_its_next_business(world: World, severity: int) -> None:
    world.experts(2)
    request = world.file(severity=severity)
    stored = world.session.get_one(CrisisRequest, request.id)
    if stored.status == "searching":
        deadline = world.session.scalars(select(func.min(Offer.deadline))).one()
        assert stored.wake_at is not None
        assert stored.wake_at <= deadline
    with writing() as session:
        intake.cancel(session, request, "x", actor="x", now=world.now)
    assert world.session.get_one(CrisisRequest, request.id).wake_at is None


def test_what_is_due_is_found_through_the_partial_indexes(world: World) -> None:
    session = world.session
    query = select(CrisisRequest.id).where(is_due(world.now))
    if session.get_bind().dialect.name == "sqlite":
        explain = "EXPLAIN QUERY PLAN "
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # the tables are empty
        explain = "EXPLAIN "
    sql = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    plan = "\n".join(str(row) for row in session.execute(text(explain + sql)))
    assert "ix_request_wake" in plan
    assert "ix_offer_due" in plan or "uq_offer_open" in plan, "all three hold open offers only"
