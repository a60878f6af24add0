"""Filing: who is trusted, the same report twice, numbers, duplicates."""

import re

import pytest
from sqlalchemy import func, select

from core.accounts.callers import Caller
from core.accounts.models import User
from core.db import writing
from dispatch import intake
from dispatch.models import CrisisRequest, EscalationStep, Incident, Offer
from dispatch.rules.lifecycle import MoveNotAllowedError
from tests.dispatch.world import World


def test_a_focal_point_files_for_their_own_office_and_it_is_searched_at_once(world: World) -> None:
    world.expert(1)
    request = world.file()
    assert (request.status, len(world.ladder(request))) == ("searching", 1)
    assert re.fullmatch(r"\d\d-\d{6}", request.number)
    assert (request.search, request.search_started_at) == (1, request.filed_at)


def test_who_lost_their_account_while_waiting_for_the_lock_is_confirmed_first(
    world: World,
) -> None:
    world.expert(1)
    user = world.focal_point()
    at_the_door = Caller(
        user.id, user.public_id, user.email, user.name, user.phone, user.language,
        user.office_code, frozenset({"focal_point"}),
    )  # fmt: skip
    assert world.file_as(at_the_door).request.status == "searching"
    with writing() as session:
        session.get_one(User, user.id).active = False
    assert world.file_as(at_the_door).request.status == "awaiting_confirmation"


def test_a_duty_officer_may_file_for_any_office(world: World) -> None:
    assert world.file(world.officer(), office="FR").status == "unfilled"


@pytest.mark.parametrize("who", ["stranger", "other_office", "expert", "admin"])
def test_anybody_else_waits_for_a_duty_officer_and_nothing_is_offered(
    world: World, who: str
) -> None:
    world.officer(phone="+12025550188")
    world.expert(1)
    filer = {
        "stranger": lambda: None,
        "other_office": lambda: world.focal_point("FR"),
        "expert": lambda: world.person("expert"),
        "admin": lambda: world.person("admin"),
    }[who]()
    request = world.file_as(filer).request
    for _ in range(3):
        world.forward(hours=5)
        world.tick()
    assert world.session.get_one(CrisisRequest, request.id).status == "awaiting_confirmation"
    assert world.ladder(request) == []
    assert world.told("+12025550188") == ["call_back"]


def test_a_stranger_cannot_make_us_text_a_phone_of_their_choice(world: World) -> None:
    world.file_as(None, contact_phone="+12025550199")
    assert world.told("+12025550199") == []


def test_a_confirmed_request_is_searched_and_the_office_is_told(world: World) -> None:
    officer = world.officer(phone="+12025550188")
    expert = world.expert(1)
    request = world.file_as(None, contact_phone="+12025550199").request
    with writing() as session:
        intake.confirm(session, request, officer=officer, now=world.now)
    assert world.ladder(request) == [(expert.name, "open")]
    assert world.told("+12025550199") == ["searching"]
    assert (request.confirmed_by, request.search) == (officer.id, 1)
    assert world.told("+12025550188") == ["call_back"], "the call-back was the telling"
    with pytest.raises(MoveNotAllowedError), writing() as session:
        intake.confirm(session, request, officer=officer, now=world.now)


def test_the_same_report_under_the_same_key_is_the_same_request(world: World) -> None:
    filer = world.focal_point()
    world.experts(2)
    first = world.file_as(filer, ("form", "k1"))
    again = world.file_as(filer, ("form", "k1"))
    assert (first.created, again.created) == (True, False)
    assert first.request.ref == again.request.ref
    assert world.session.scalar(select(func.count(Offer.id))) == 1
    steps = world.session.scalars(select(EscalationStep.step)).all()
    assert steps == ["tell_duty"]


def test_another_report_under_the_same_key_is_a_conflict(world: World) -> None:
    filer = world.focal_point()
    first = world.file_as(filer, ("form", "k1")).request
    with pytest.raises(intake.IdempotencyConflictError) as conflict:
        world.file_as(filer, ("form", "k1"), severity=2)
    assert conflict.value.request.ref == first.ref
    assert world.session.scalar(select(func.count(CrisisRequest.id))) == 1


def test_the_same_key_of_somebody_else_is_another_key(world: World) -> None:
    filer = world.focal_point()
    first = world.file_as(filer, ("somebody", "k1")).request
    assert world.file_as(filer, ("somebody-else", "k1")).request.ref != first.ref


def test_numbers_are_never_given_twice(world: World) -> None:
    filer = world.focal_point()
    numbers = [world.file(filer).number for _ in range(4)]
    assert len(set(numbers)) == 4
    assert numbers == sorted(numbers)


def test_a_second_request_of_the_office_within_the_hour_is_shown_as_a_possible_duplicate(
    world: World,
) -> None:
    first = world.file()
    world.forward(minutes=59)
    second = world.file()
    assert [one.id for one in intake.possible_duplicates(world.session, second)] == [first.id]
    incident = world.session.scalars(select(Incident).where(Incident.kind == "duplicate")).one()
    assert (incident.request_id, incident.detail["number"]) == (second.id, second.number)


def test_an_hour_later_or_of_another_office_it_is_no_duplicate(world: World) -> None:
    world.file()
    other = world.file(world.focal_point("FR"), office="FR")
    world.forward(minutes=61)
    later = world.file()
    assert intake.possible_duplicates(world.session, later) == []
    assert intake.possible_duplicates(world.session, other) == []
    assert world.session.scalar(select(func.count(Incident.id))) == 0
