"""What becomes of an answer afterwards, and of texts that are none."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import writing
from dispatch import answers, intake
from dispatch.models import CrisisRequest, Incident, Offer
from roster import registrar
from roster.models import Expert
from tests.dispatch.test_answers import outcome, status, text
from tests.dispatch.world import World


def test_a_suspended_experts_mission_ends_and_another_is_asked(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    text(world, first.phone, "1")
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.suspend(session, expert, "complaint", actor="hr", now=world.now)
    world.tick()
    assert [mission.status for mission in world.missions(request)] == ["withdrawn"]
    assert (status(world, request), world.ladder(request)[-1]) == (
        "searching", (second.name, "open"),
    )  # fmt: skip


def test_the_end_of_a_shift_does_not_end_an_offer(world: World) -> None:
    day, minute = world.now.weekday(), world.now.hour * 60 + world.now.minute
    if minute > 1400:
        world.forward(hours=3)
        day, minute = world.now.weekday(), world.now.hour * 60 + world.now.minute
    expert = world.expert(1, weekly=[(day, 0, minute + 3)])
    request = world.file()
    world.forward(minutes=6)
    world.advance(request)
    text(world, expert.phone, "1")
    assert (outcome(world), status(world, request)) == ("accepted", "assigned")


def test_whoever_has_said_yes_and_takes_two_missions_is_asked_for_the_other(world: World) -> None:
    expert = world.expert(1, max_missions=2)
    _, other = world.file(), world.file()
    world.tick()
    assert (status(world, other), world.ladder(other)) == ("unfilled", [])
    text(world, expert.phone, "1")
    world.tick()
    assert (status(world, other), world.ladder(other)) == ("searching", [(expert.name, "open")])


def test_stop_declines_and_nothing_is_offered_until_start(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    assert text(world, first.phone, "STOP") is None
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]
    text(world, second.phone, "2")
    later = world.file(severity=2)
    assert [name for name, _ in world.ladder(later)] == [second.name]
    text(world, second.phone, "2")
    assert text(world, first.phone, "START")
    world.tick()
    assert (first.name, "open") in world.ladder(later)


def test_yes_as_a_word_of_the_carriers_accepts_nothing(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    answer = text(world, expert.phone, "YES")
    assert (outcome(world), world.ladder(request)) == ("unclear", [(expert.name, "open")])
    assert answer is not None
    assert f"1 {world.offer_to(expert).code}" in answer


def test_done_ends_the_mission_and_frees_the_expert(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    text(world, expert.phone, "1")
    code = world.offer_to(expert).code
    assert text(world, expert.phone, f"DONE {code}")
    assert [mission.status for mission in world.missions(request)] == ["done"]
    assert world.ladder(world.file()) == [(expert.name, "open")]
    text(world, expert.phone, f"DONE {code}")
    assert outcome(world) == "wrong_code"


def test_withdraw_ends_the_mission_and_another_is_asked(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    text(world, first.phone, "1")
    assert text(world, first.phone, f"WITHDRAW {world.offer_to(first).code}")
    assert outcome(world) == "left"
    assert world.ladder(request)[-1] == (second.name, "open")


@pytest.mark.parametrize("body", ["STATUS", "?"])
def test_questions_are_answered_and_change_nothing(world: World, body: str) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    assert text(world, expert.phone, body)
    assert world.ladder(request) == [(expert.name, "open")]


@pytest.mark.parametrize(
    ("move", "expected"), [("cancel", "request_over"), ("withdraw", "withdrawn")]
)
def test_a_yes_to_what_was_taken_back_is_told_so(world: World, move: str, expected: str) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    with writing() as session:
        if move == "cancel":
            intake.cancel(session, request, "over", actor="x", now=world.now)
        else:
            offer = session.scalars(select(Offer)).one()
            answers.withdraw_offer(session, offer, actor="x", reason="ill", now=world.now)
    text(world, expert.phone, "1")
    assert (outcome(world), world.missions(request)) == (expected, [])


def test_a_yes_after_a_yes_repeats_whom_to_call(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    first = text(world, expert.phone, "1")
    assert text(world, expert.phone, "1") == first
    assert outcome(world) == "already_accepted"
    assert len(world.missions(request)) == 1


def test_a_crisis_by_text_from_a_focal_point_waits_for_the_call_back(world: World) -> None:
    world.officer(phone="+12025550188")
    world.focal_point(phone="+12025550166")
    world.expert(1)
    answer = text(world, "+12025550166", "CRISIS CYB 2 Ransomware everywhere")
    request = world.session.scalars(select(CrisisRequest)).one()
    assert (request.kind, request.severity, request.summary) == (
        "CYB", 2, "Ransomware everywhere",
    )  # fmt: skip
    assert (request.status, request.filed_through, world.ladder(request)) == (
        "awaiting_confirmation", "sms", [],
    )  # fmt: skip
    assert answer is not None
    assert request.number in answer
    assert "call_back" in world.told("+12025550188")


def test_other_texts_of_a_focal_point_are_on_the_board(world: World) -> None:
    world.focal_point(phone="+12025550166")
    assert text(world, "+12025550166", "hello?")
    assert outcome(world) == "unclear"


def test_a_text_that_we_cannot_handle_is_kept_for_a_human_and_harms_nothing_else(
    world: World,
) -> None:
    (expert,) = world.experts(1, time_zone="Nowhere/Nothing")
    assert text(world, expert.phone, "AWAY 14") is None
    assert outcome(world) == "failed"
    assert world.session.scalars(select(Incident.kind)).all() == ["dead_letter"]


@pytest.mark.parametrize("via", ["link", "voice"])
def test_a_link_and_a_key_press_do_the_same_and_are_confirmed_by_text(
    world: World, via: str
) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    with writing() as session:
        offer = session.scalars(select(Offer)).one()
        for attempt in offer.attempts:
            attempt.status = "delivered"
        said: Any = answers.answer_offer(
            session, offer, accept=True, received_at=world.now, via=via
        )
    assert (said, status(world, request)) == ("accepted", "assigned")
    assert world.told(expert.phone) == ["offer", "accepted_ack"]
