"""The ladder: who is asked, when, and what becomes of the request."""

from datetime import timedelta

from sqlalchemy import func, select

from core.audit import AuditRow, verify
from core.db import writing
from dispatch import answers
from dispatch.choosing.kept import FEW
from dispatch.models import Attempt, Decision, EscalationStep, Mission, Offer
from roster.models import RosterChange
from tests.dispatch.world import World


def _answer(world: World, offer: Offer, accept: bool) -> str:
    with writing() as session:
        now = world.now
        return answers.answer_offer(
            session, session.get_one(Offer, offer.id), accept=accept, received_at=now, via="sms"
        )


def test_the_nearest_is_asked_first(world: World) -> None:
    world.expert(3.0, name="far")
    world.expert(1.0, name="near")
    world.expert(2.0, name="middle")
    request = world.file()
    assert world.ladder(request) == [("near", "open")]
    assert request.status == "searching"
    assert world.offer_to(world.session.get_one(Offer, 1).expert).rank == 1


def test_silence_moves_on_to_the_next_expert_and_then_to_a_wider_wave(world: World) -> None:
    for place in range(1, 7):
        world.expert(place, name=f"e{place}")
    request = world.file()
    for _ in range(2):
        world.forward(minutes=10, seconds=1)
        assert world.tick() == 1
    assert world.ladder(request) == [
        ("e1", "expired"), ("e2", "expired"), ("e3", "open"), ("e4", "open"), ("e5", "open"),
    ]  # fmt: skip
    ranks = world.session.scalars(select(Offer.rank).order_by(Offer.id)).all()
    assert ranks == [1, 2, 3, 4, 5]


def test_nothing_moves_before_its_time(world: World) -> None:
    first, _ = world.experts(2)
    request = world.file()
    world.forward(minutes=9)
    assert world.tick() == 0
    assert world.ladder(request) == [(first.name, "open")]


def test_a_decline_moves_on_at_once(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    assert _answer(world, world.offer_to(first), accept=False) == "declined"
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]


def test_in_a_wider_wave_nobody_new_is_asked_until_all_have_answered(world: World) -> None:
    experts = world.experts(6)
    request = world.file()
    for expert in experts[:2]:
        _answer(world, world.offer_to(expert), accept=False)
    assert [status for _, status in world.ladder(request)] == ["declined"] * 2 + ["open"] * 3
    for expert in experts[2:4]:
        _answer(world, world.offer_to(expert), accept=False)
    assert [status for _, status in world.ladder(request)] == ["declined"] * 4 + ["open"]
    _answer(world, world.offer_to(experts[4]), accept=False)
    assert world.ladder(request)[-1] == (experts[5].name, "open")


def test_everybody_declines_and_the_request_is_unfilled_and_duty_officers_are_told(
    world: World,
) -> None:
    world.officer(phone="+12025550188")
    first, second = world.experts(2)
    request = world.file()
    for expert in (first, second):
        _answer(world, world.offer_to(expert), accept=False)
    assert world.session.get_one(type(request), request.id).status == "unfilled"
    assert "tell_unfilled" in world.told("+12025550188")


def test_nobody_qualifies_and_the_request_is_unfilled_until_somebody_does(world: World) -> None:
    request = world.file()
    assert request.status == "unfilled"
    expert = world.expert(1)
    with writing() as session:
        session.add(RosterChange(expert_id=expert.id, at=world.now))
    world.tick()
    assert world.ladder(request) == [(expert.name, "open")]
    assert world.session.get_one(type(request), request.id).status == "searching"


def test_an_expert_freed_by_one_request_is_asked_for_another_that_had_found_nobody(
    world: World,
) -> None:
    only = world.expert(1)
    first = world.file()
    second = world.file(office="FR", filer=world.focal_point("FR"))
    assert (first.status, world.ladder(second)) == ("searching", [])
    _answer(world, world.offer_to(only), accept=False)
    world.tick()
    assert world.ladder(first) == [(only.name, "declined")]
    assert world.ladder(second) == [(only.name, "open")]


def test_an_unfilled_request_is_searched_again_when_the_clock_makes_somebody_available(
    world: World,
) -> None:
    away = (world.now - timedelta(days=1), world.now + timedelta(hours=5))
    expert = world.expert(1, away=[away])
    request = world.file()
    assert (request.status, request.wake_at) != ("searching", None)
    world.forward(hours=4)
    world.tick()
    assert world.ladder(request) == []
    world.forward(hours=1, seconds=1)
    world.tick()
    assert world.ladder(request) == [(expert.name, "open")]


def test_advancing_twice_changes_nothing_the_second_time(world: World) -> None:
    world.officer(phone="+12025550188")
    world.experts(2)
    requests = [world.file(), world.file(office="FR", filer=world.focal_point("FR"))]
    requests.append(world.file_as(None).request)
    for request in requests:
        world.advance(request)
        before = _everything(world)
        world.advance(request)
        assert _everything(world) == before


def _everything(world: World) -> list[object]:
    session = world.session
    tables = (Offer, Attempt, EscalationStep, AuditRow, Decision, RosterChange)
    counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    states = session.execute(select(Offer.id, Offer.status, Offer.deadline).order_by(Offer.id))
    return [*counts, *states.all()]


def test_the_audit_chain_tells_each_change_and_holds(world: World) -> None:
    first, _ = world.experts(2)
    request = world.file()
    _answer(world, world.offer_to(first), accept=True)
    actions = world.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    for action in ("request.filed", "offer.open", "offer.accepted", "mission.accepted"):
        assert action in actions
    assert "request.assigned" in actions
    assert verify(world.session) is None
    assert request.ref in {row.subject.partition(":")[2] for row in _rows(world)}


def _rows(world: World) -> list[AuditRow]:
    return list(world.session.scalars(select(AuditRow)))


def test_duty_officers_are_told_at_filing_and_the_specialist_is_called_for_in_time(
    world: World,
) -> None:
    world.officer(phone="+12025550188")
    world.experts(9)
    world.file()
    assert world.told("+12025550188") == ["tell_duty"]
    for _ in range(5):
        world.forward(minutes=9, seconds=30)
        world.tick()
    assert world.told("+12025550188").count("tell_duty") == 1
    assert world.told("+12025550188").count("tell_specialist") == 1


def test_a_decision_keeps_who_was_looked_at_and_later_why_others_were_not(world: World) -> None:
    near = world.expert(1)
    far = world.expert(2)
    world.expert(0.5, status="suspended", validated_at=world.now)
    world.file()
    (decision,) = world.session.scalars(select(Decision))
    assert [entry["expert"] for entry in decision.candidates] == [near.public_id, far.public_id]
    assert [entry["asked"] for entry in decision.candidates] == [True, False]
    assert decision.candidates[0]["distance_km"] > 50
    world.tick()
    assert world.session.scalars(select(Decision.excluded)).one() is None, "the text comes first"
    world.forward(seconds=2)
    world.tick()
    (decision,) = world.session.scalars(select(Decision))
    assert decision.excluded is not None
    assert decision.excluded["counts"] == {"not_vetted": 1}


def test_a_decision_looks_at_a_few_and_later_keeps_who_would_have_come_next(world: World) -> None:
    experts = world.experts(13)
    world.file()
    (decided,) = world.session.scalars(select(Decision.candidates))
    assert [entry["expert"] for entry in decided] == [one.public_id for one in experts[:FEW]]
    world.forward(seconds=2)
    world.tick()
    (kept,) = world.session.scalars(select(Decision.candidates))
    assert kept[:FEW] == decided
    assert [entry["expert"] for entry in kept] == [one.public_id for one in experts]
    assert [entry["rank"] for entry in kept] == list(range(1, 14))
    assert [entry["asked"] for entry in kept] == [True] + 12 * [False]


def test_reasons_are_looked_up_even_when_there_is_no_calm(world: World) -> None:
    world.experts(3)

    def unexplained() -> int:
        return sum(one is None for one in world.session.scalars(select(Decision.excluded)))

    for count in (1, 2):
        world.file()
        world.tick()
        assert unexplained() == count
        world.forward(seconds=16)
    world.file()
    world.tick()
    assert unexplained() == 0


def test_severity_four_asks_only_in_working_hours(world: World) -> None:
    expert = world.expert(1, weekly=[(day, 0, 1440) for day in range(7)])
    asleep = world.expert(0.5, time_zone="UTC", weekly=[((world.now.weekday() + 2) % 7, 0, 60)])
    request = world.file(severity=4)
    assert world.ladder(request) == [(expert.name, "open")]
    assert asleep.name not in [name for name, _ in world.ladder(request)]


def test_an_expert_at_their_limit_is_not_asked_for_more(world: World) -> None:
    near = world.expert(1, max_missions=2)
    far = world.expert(2)
    for _ in range(2):
        request = world.file()
        assert world.ladder(request) == [(near.name, "open")]
        assert _answer(world, world.offer_to(near), accept=True) == "accepted"
    assert world.ladder(world.file()) == [(far.name, "open")]
    assert sorted(mission.seat for mission in world.session.scalars(select(Mission))) == [1, 2]
