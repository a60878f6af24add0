"""What people decide: pause, resume, cancel, close, amend, withdraw, choose."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import writing
from dispatch import answers, intake, missions
from dispatch.advance import NotDeployableError, offer_to
from dispatch.models import CrisisRequest, Offer
from dispatch.reports.report import ReportError
from dispatch.rules.lifecycle import MoveNotAllowedError
from roster.models import Expert
from tests.dispatch.world import World


def _answer(world: World, expert: Expert, accept: bool = True) -> str:
    offer = world.offer_to(expert)
    with writing() as session:
        return answers.answer_offer(
            session, session.get_one(Offer, offer.id), accept=accept, received_at=world.now,
            via="sms",
        )  # fmt: skip


def _do(world: World, verb: Any, request: CrisisRequest, *args: Any) -> None:
    with writing() as session:
        verb(session, request, *args, actor="somebody", now=world.now)


def _status(world: World, request: CrisisRequest) -> str:
    return world.session.get_one(CrisisRequest, request.id).status


def _leave(world: World, offer: Offer) -> None:
    """As if the offer's text had left: only then is its expert told more."""
    with writing() as session:
        for attempt in session.get_one(Offer, offer.id).attempts:
            attempt.status = "delivered"


def test_a_paused_request_asks_nobody_new_while_its_offers_run_out(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    _do(world, intake.pause, request)
    world.forward(minutes=11)
    world.tick()
    assert (_status(world, request), world.ladder(request)) == ("paused", [(first.name, "expired")])
    _do(world, intake.resume, request)
    assert world.ladder(request)[1:] == [(second.name, "open")]
    assert _status(world, request) == "searching"


def test_a_live_offer_of_a_paused_request_may_still_be_accepted(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _do(world, intake.pause, request)
    assert _answer(world, expert) == "accepted"
    assert (_status(world, request), len(world.missions(request))) == ("paused", 1)
    _do(world, intake.resume, request)
    assert _status(world, request) == "assigned"


def test_cancelling_takes_back_open_offers_and_tells_their_experts(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _leave(world, world.offer_to(expert))
    _do(world, intake.cancel, request, "false alarm")
    assert world.ladder(request) == [(expert.name, "withdrawn")]
    assert world.told(expert.phone) == ["offer", "withdrawn"]
    assert (_status(world, request), request.end_reason) == ("cancelled", "false alarm")
    assert _answer(world, expert) == "request_over"
    assert world.missions(request) == []


def test_cancelling_ends_missions_and_frees_their_experts(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _answer(world, expert)
    _do(world, intake.cancel, request, "over")
    assert [mission.status for mission in world.missions(request)] == ["withdrawn"]
    assert world.told(expert.phone)[-1] == "cancelled"
    assert world.ladder(world.file()) == [(expert.name, "open")]


def test_closing_finishes_missions_and_frees_their_experts(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _answer(world, expert)
    _do(world, intake.close, request)
    assert [mission.status for mission in world.missions(request)] == ["done"]
    assert (_status(world, request), request.ended_at is not None) == ("closed", True)
    assert world.ladder(world.file()) == [(expert.name, "open")]


@pytest.mark.parametrize(
    ("verb", "args"),
    [(intake.pause, ()), (intake.resume, ()), (intake.cancel, ("x",)), (intake.close, ())],
)
def test_nothing_moves_a_cancelled_request(world: World, verb: Any, args: tuple[str, ...]) -> None:
    request = world.file()
    _do(world, intake.cancel, request, "x")
    with pytest.raises(MoveNotAllowedError):
        _do(world, verb, request, *args)


def test_an_amended_request_keeps_the_offers_that_still_fit_and_tells_their_experts(
    world: World,
) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    offer = world.offer_to(expert)
    _leave(world, offer)
    world.forward(minutes=1)
    _do(world, intake.amend, request, {"summary": "Worse: the backups are gone."})
    assert world.told(expert.phone) == ["offer", "amended"]
    assert world.offer_to(expert).deadline == offer.deadline
    assert request.summary == "Worse: the backups are gone."


def test_an_amended_request_withdraws_offers_that_no_longer_fit_and_asks_others(
    world: World,
) -> None:
    near = world.expert(1, skills={"CIR": 2})
    far = world.expert(2, skills={"LEG": 2})
    request = world.file()
    _do(world, intake.amend, request, {"skills": ["LEG"]})
    assert world.ladder(request) == [(near.name, "withdrawn"), (far.name, "open")]
    _do(world, intake.amend, request, {"skills": ["CIR"]})
    assert world.ladder(request)[2:] == [(near.name, "open")], "nobody had answered yet"


def test_an_amended_kind_asks_for_the_skill_of_the_new_kind(world: World) -> None:
    world.expert(1, name="cyber", skills={"CIR": 2})
    request = world.file(kind="CYB")
    world.expert(2, name="pandemic", skills={"BCP": 2})
    assert world.ladder(request) == [("cyber", "open")]
    _do(world, intake.amend, request, {"kind": "PAND"})
    assert world.ladder(request) == [("cyber", "withdrawn"), ("pandemic", "open")]


def test_extending_a_filled_request_begins_another_search(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    _answer(world, first)
    assert _status(world, request) == "assigned"
    _do(world, intake.amend, request, {"experts_needed": 2})
    assert (_status(world, request), request.search) == ("searching", 2)
    assert world.ladder(request)[1:] == [(second.name, "open")]
    with pytest.raises(ReportError):
        _do(world, intake.amend, request, {"experts_needed": 0})


def test_fewer_experts_than_have_accepted_cannot_be_asked_for(world: World) -> None:
    first, second = world.experts(2)
    request = world.file(experts_needed=2)
    _answer(world, first)
    _answer(world, second)
    with pytest.raises(ReportError) as refused:
        _do(world, intake.amend, request, {"experts_needed": 1})
    assert list(refused.value.errors) == ["experts_needed"]


@pytest.mark.parametrize("change", [{"office": "FR"}, {"exercise": True}, {"nonsense": 1}])
def test_what_cannot_be_changed_is_named(world: World, change: dict[str, Any]) -> None:
    request = world.file()
    with pytest.raises(ReportError) as refused:
        _do(world, intake.amend, request, change)
    assert list(refused.value.errors) == list(change)


def test_a_place_moves_the_coordinates_and_coordinates_drop_the_place(world: World) -> None:
    request = world.file()
    _do(world, intake.amend, request, {"place": "Lviv"})
    assert (round(request.lat), round(request.lon), request.place) == (50, 24, "Lviv")
    _do(world, intake.amend, request, {"lat": 1.5, "lon": 2.5})
    assert (request.lat, request.lon, request.place) == (1.5, 2.5, "")


def test_a_duty_officer_takes_an_offer_back_and_the_next_is_asked(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    offer = world.offer_to(first)
    _leave(world, offer)
    with writing() as session:
        answers.withdraw_offer(
            session, session.get_one(Offer, offer.id), actor="x", reason="ill", now=world.now
        )
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]
    assert world.told(first.phone) == ["offer", "withdrawn"]
    with pytest.raises(MoveNotAllowedError), writing() as session:
        answers.withdraw_offer(
            session, session.get_one(Offer, offer.id), actor="x", reason="ill", now=world.now
        )


def _choose(world: World, request: CrisisRequest, expert: Expert, actor: str = "x") -> Offer:
    with writing() as session:
        return offer_to(
            session, request, session.get_one(Expert, expert.id), actor=actor, reason="knows them",
            now=world.now,
        )  # fmt: skip


def test_a_duty_officer_may_choose_somebody_else_and_the_ladder_goes_on(world: World) -> None:
    near, far = world.experts(2)
    officer = world.officer()
    request = world.file()
    offer = _choose(world, request, far, officer.public_id)
    assert (offer.wave, offer.rank, offer.chosen_by) == (0, 2, officer.id)
    assert world.ladder(request) == [(near.name, "open"), (far.name, "open")]
    assert _answer(world, far) == "accepted"
    assert world.ladder(request) == [(near.name, "withdrawn"), (far.name, "accepted")]


def test_a_duty_officer_may_ask_again_who_was_asked_before(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _answer(world, expert, accept=False)
    assert _status(world, request) == "unfilled"
    _choose(world, request, expert)
    assert (_status(world, request), world.offer_to(expert).status) == ("searching", "open")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"status": "suspended"}, "not_vetted"),
        ({"skills": {"LEG": 3}}, "skill"),
        ({"max_missions": 0}, "at_limit"),
    ],
)
def test_no_choice_passes_over_a_hard_filter(
    world: World, columns: dict[str, Any], reason: str
) -> None:
    expert = world.expert(1, **columns)
    request = world.file()
    with pytest.raises(NotDeployableError) as refused:
        _choose(world, request, expert)
    assert refused.value.reason == reason
    assert world.session.scalars(select(Offer)).all() == []


def test_nobody_can_be_chosen_twice_at_a_time(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    with pytest.raises(NotDeployableError) as refused:
        _choose(world, request, expert)
    assert refused.value.reason == "other_offer"


def test_an_expert_who_drops_out_is_replaced_and_everybody_is_told(world: World) -> None:
    world.officer(phone="+12025550188")
    first, second = world.experts(2)
    request = world.file(contact_phone="+12025550199")
    _answer(world, first)
    (mission,) = world.missions(request)
    with writing() as session:
        missions.withdraw(
            session, session.merge(mission), actor="x", reason="flight missed", now=world.now
        )
    assert (_status(world, request), request.search) == ("searching", 2)
    assert world.ladder(request) == [(first.name, "accepted"), (second.name, "open")]
    assert "dropped_out" in world.told("+12025550188")
    assert "dropped_out" in world.told("+12025550199")


def test_a_finished_mission_keeps_its_slot_filled(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    _answer(world, expert)
    (mission,) = world.missions(request)
    with writing() as session:
        missions.done(session, session.merge(mission), actor="x", now=world.now)
    assert (_status(world, request), world.missions(request)[0].status) == ("assigned", "done")


def test_an_exercise_runs_the_same_path_and_makes_no_mission(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file(exercise=True)
    assert _answer(world, expert) == "accepted"
    assert (_status(world, request), world.missions(request)) == ("assigned", [])
    assert world.ladder(world.file()) == [(expert.name, "open")]
