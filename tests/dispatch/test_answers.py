"""What a text from a phone leads to: one outcome each, kept with the text, and one answer."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from core.db import writing
from dispatch import answers
from dispatch.models import Attempt, CrisisRequest, InboundMessage
from roster import registrar
from roster.models import Expert
from tests.dispatch.world import World

_sids = count(1)


def text(world: World, sender: str, body: str, sid: str = "", late: float = 0.0) -> str | None:
    """A text arrives; returns the answer. `late`: so many seconds ago it had reached us."""
    with writing() as session:
        return answers.record_reply(
            session, sid or f"SM{next(_sids)}", sender, "+15005550006", body,
            received_at=world.now - timedelta(seconds=late),
        )  # fmt: skip


def outcome(world: World) -> str:
    """What came of the latest text."""
    query = select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)
    return world.session.scalars(query).one().outcome


def status(world: World, request: CrisisRequest) -> str:
    return world.session.get_one(CrisisRequest, request.id).status


def test_a_yes_with_the_code_makes_a_mission_and_tells_the_office(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file(contact_phone="+12025550199")
    answer = text(world, expert.phone, f"1 {world.offer_to(expert).code}")
    assert outcome(world) == "accepted"
    assert answer is not None
    assert request.number in answer
    assert status(world, request) == "assigned"
    (mission,) = world.missions(request)
    assert (mission.expert_id, mission.slot, mission.seat) == (expert.id, 1, 1)
    assert world.told("+12025550199") == ["received", "accepted"]
    assert expert.phone in _last_text_to(world, "+12025550199")


def _last_text_to(world: World, phone: str) -> str:
    query = select(Attempt.body).where(Attempt.to == phone).order_by(Attempt.id.desc())
    return world.session.scalars(query.limit(1)).one()


def test_a_bare_yes_is_enough_when_there_is_one_live_offer(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    text(world, expert.phone, "1")
    assert status(world, request) == "assigned"


def test_a_no_asks_the_next_at_once(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    text(world, first.phone, f"2 {world.offer_to(first).code}")
    assert outcome(world) == "declined"
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]


def test_an_answer_after_the_deadline_never_accepts_even_if_nobody_has_noticed_yet(
    world: World,
) -> None:
    first, second = world.experts(2)
    request = world.file()
    world.forward(minutes=10)
    text(world, first.phone, f"1 {world.offer_to(first).code}")
    assert outcome(world) == "too_late"
    assert world.ladder(request) == [(first.name, "expired"), (second.name, "open")]
    assert world.missions(request) == []


def test_a_replys_time_is_when_it_reached_us(world: World) -> None:
    (expert,) = world.experts(1)
    request = world.file()
    deadline = world.offer_to(expert).deadline
    world.forward(minutes=10, seconds=2)
    text(world, expert.phone, "1", late=(world.now - deadline).total_seconds() + 1)
    assert (outcome(world), status(world, request)) == ("accepted", "assigned")


def test_the_code_of_another_phone_is_not_known_here(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    text(world, second.phone, f"1 {world.offer_to(first).code}")
    assert outcome(world) == "wrong_code"
    assert world.ladder(request) == [(first.name, "open")]


def test_the_first_yes_wins_and_the_others_are_told_kindly(world: World) -> None:
    experts = world.experts(5)
    request = world.file()
    for expert in experts[:2]:
        text(world, expert.phone, "2")
    wave = experts[2:]
    answer = text(world, wave[1].phone, "1")
    assert answer is not None
    assert [state for _, state in world.ladder(request)[2:]] == [
        "withdrawn", "accepted", "withdrawn",
    ]  # fmt: skip
    text(world, wave[0].phone, "1")
    assert outcome(world) == "taken"
    assert len(world.missions(request)) == 1


def test_two_slots_take_two_experts_and_a_third_is_too_many(world: World) -> None:
    experts = world.experts(3)
    request = world.file(experts_needed=2)
    assert [state for _, state in world.ladder(request)] == ["open", "open"]
    text(world, experts[0].phone, "1")
    assert status(world, request) == "searching"
    text(world, experts[1].phone, "1")
    assert status(world, request) == "assigned"
    assert sorted(mission.slot for mission in world.missions(request)) == [1, 2]


def test_the_same_text_twice_acts_once_and_is_answered_alike(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    answer = text(world, first.phone, "2", sid="SMsame")
    assert text(world, first.phone, "2", sid="SMsame") == answer
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]
    assert len(world.session.scalars(select(InboundMessage)).all()) == 1


@pytest.mark.parametrize(
    "body", ["maybe", "1 if you pay", "1 2", "not 1", "Out of office", "1 O0O0"]
)
def test_an_unclear_text_changes_nothing_is_asked_back_once_and_is_on_the_board(
    world: World, body: str
) -> None:
    (expert,) = world.experts(1)
    world.file()
    before = world.offer_to(expert)
    answer = text(world, expert.phone, body)
    after = world.offer_to(expert)
    assert answer is not None
    assert f"1 {after.code}" in answer
    assert (after.status, after.deadline, outcome(world)) == ("open", before.deadline, "unclear")
    assert text(world, expert.phone, body) is None
    assert outcome(world) == "unclear"


def test_a_sender_whom_we_do_not_know_gets_silence_and_is_kept(world: World) -> None:
    assert text(world, "+12025550177", "1") is None
    assert outcome(world) == "unknown_sender"


def test_somebody_who_was_never_asked_is_told_so(world: World) -> None:
    (expert,) = world.experts(1)
    answer = text(world, expert.phone, "1")
    assert outcome(world) == "no_offer"
    assert answer


def test_away_takes_the_offer_back_and_asks_the_next(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    answer = text(world, first.phone, "AWAY 14")
    assert outcome(world) == "away"
    assert answer
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]
    text(world, second.phone, "2")
    assert status(world, request) == "unfilled"
    text(world, first.phone, "BACK")
    world.tick()
    assert world.ladder(request)[2:] == [(first.name, "open")], "they have had no chance yet"


def test_an_expert_whom_hr_suspends_mid_offer_is_not_asked_any_more(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.suspend(session, expert, "complaint", actor="hr", now=world.now)
    text(world, first.phone, "1")
    assert outcome(world) == "not_deployable"
    assert world.missions(request) == []
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]


def test_news_of_the_roster_alone_takes_the_offer_back(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.suspend(session, expert, "complaint", actor="hr", now=world.now)
    world.tick()
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]
