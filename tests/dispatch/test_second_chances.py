"""Whoever was passed over through no doing of their own is asked again."""

from core.db import writing
from dispatch import answers
from dispatch.answers import record_reply
from dispatch.models import Offer
from roster import registrar
from roster.models import Expert
from tests.dispatch.world import World


def _say(world: World, sid: str, expert: Expert, body: str) -> str | None:
    with writing() as session:
        return record_reply(session, sid, expert.phone, "+15005550006", body, received_at=world.now)


def test_those_who_were_beaten_to_it_are_asked_when_the_quicker_one_drops_out(
    world: World,
) -> None:
    first, second, *_ = world.experts(2)
    request = world.file(experts_needed=2)
    world.forward(seconds=1)
    slow = world.offer_to(second)
    with writing() as session:
        answers.answer_offer(
            session, session.get_one(Offer, world.offer_to(first).id), accept=True,
            received_at=world.now, via="sms",
        )  # fmt: skip
    with writing() as session:
        slow = session.get_one(Offer, slow.id)
        slow.status, slow.end_reason = "withdrawn", "others have accepted"
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.suspend(session, expert, "ill", actor="system", now=world.now)
    world.tick()
    assert (second.name, "open") in world.ladder(request)


def test_start_brings_back_a_phone_that_only_the_carrier_knew_to_be_opted_out(
    world: World,
) -> None:
    expert = world.expert(1.0)
    with writing() as session:
        registrar.mark_sms_failed(session, session.get_one(Expert, expert.id), world.now)
    _say(world, "SM" + "a" * 32, expert, "START")
    assert world.session.get_one(Expert, expert.id).sms_failed_at is None


def test_withdraw_before_a_yes_is_a_no_and_the_next_is_asked_at_once(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    _say(world, "SM" + "b" * 32, first, f"WITHDRAW {world.offer_to(first).code}")
    assert world.ladder(request) == [(first.name, "declined"), (second.name, "open")]


def test_who_files_is_whom_the_expert_calls_when_nobody_is_named(world: World) -> None:
    filer = world.focal_point(name="Olena", phone="+12025550155")
    request = world.file(filer)
    assert (request.contact_name, request.contact_phone) == ("Olena", "+12025550155")


def test_whom_no_message_ever_reached_is_asked_again_when_nobody_else_is_left(
    world: World,
) -> None:
    """An hour without a provider: offers run out in the queue, one expert after the other."""
    first, second = world.experts(2)
    request = world.file()
    with writing() as session:
        session.get_one(Offer, world.offer_to(first).id).attempts[0].claimed_at = world.now
    for _window in range(2):
        world.forward(minutes=11)
        world.tick()
    names = [first.name, second.name, second.name]
    assert world.ladder(request) == list(zip(names, ["expired", "expired", "open"], strict=True))
    world.forward(minutes=11)
    with writing() as session:
        session.get_one(Offer, world.offer_to(second).id).attempts[0].claimed_at = world.now
    world.tick()
    assert [name for name, _ in world.ladder(request)] == names
    assert request.status == "unfilled"


def test_stop_after_an_offer_that_nobody_sent_is_no_reason_to_ask_again(world: World) -> None:
    """The offer has run out unheard; whoever was never reached is asked anew, but not who stops."""
    (expert,) = world.experts(1)
    request = world.file()
    world.forward(hours=2)
    _say(world, "SM" + "5" * 32, expert, "STOP")
    assert [status for _, status in world.ladder(request)].count("open") == 0
    assert len(world.ladder(request)) == 1
