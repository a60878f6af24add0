"""Seats: what the rules of slots say beyond the indexes."""

from sqlalchemy import select

from core.db import writing
from dispatch import missions
from dispatch.answers import answer_offer
from dispatch.models import CrisisRequest, Offer
from dispatch.seats import take_seat
from tests.dispatch.world import World


def test_a_lowered_limit_leaves_no_seat_below_those_that_are_taken(world: World) -> None:
    first, second = world.experts(2)
    request = world.file(experts_needed=2)
    for expert in (first, second):
        with writing() as session:
            offer = session.get_one(Offer, world.offer_to(expert).id)
            answer_offer(session, offer, accept=True, received_at=world.now, via="sms")
    with writing() as session:
        low = min(world.missions(request), key=lambda mission: mission.slot)
        missions.withdraw(session, low, actor="somebody", reason="ill", now=world.now)
    third = world.expert(3)
    world.tick()
    with writing() as session:
        session.get_one(CrisisRequest, request.id).slots = 1
        offer = session.scalars(select(Offer).where(Offer.expert_id == third.id)).one()
        assert not take_seat(session, offer, world.now), "somebody is in slot 2"
