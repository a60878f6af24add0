"""How an expert is reached: test texts, and a new number that counts once it has answered."""

import pytest
from sqlalchemy import select

from core.db import writing
from dispatch.answers import record_reply
from dispatch.models import Attempt
from dispatch.proving import prove_due
from roster import registrar
from roster.models import Expert, PhoneProof
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.test_me import again, own, press, refused
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anna(world: World) -> Expert:
    return world.expert(1, name="Anna")


@pytest.fixture
def page(world: World, visit: Visit, anna: Expert) -> Visitor:
    """Anna's browser."""
    return visit(own(world, anna))


def test_test_texts_are_three_an_hour(world: World, anna: Expert, page: Visitor) -> None:
    for _ in range(3):
        assert "on its way" in press(page, "/me/test-text")
    assert "three test texts within an hour" in press(page, "/me/test-text")
    sent = world.session.scalars(select(Attempt).where(Attempt.to == anna.phone)).all()
    assert [(one.purpose, one.expert_id) for one in sent] == [("test", anna.id)] * 3
    assert "Test text" in words_of(page.get("/me/channels"))


def hear(world: World, sender: str, body: str) -> str:
    with writing() as session:
        return (
            record_reply(session, f"{sender}{body}", sender, "+1", body, received_at=world.now)
            or ""
        )


def test_a_new_number_counts_once_it_has_answered(
    world: World, anna: Expert, page: Visitor
) -> None:
    old, new, boris = anna.phone, "+12025550143", world.expert(2, name="Boris")
    assert "cannot be a phone number" in refused(page, "/me/phone", phone="12")
    assert "cannot be used" in refused(page, "/me/phone", phone=boris.phone)
    said = press(page, "/me/phone", phone="+1 202 555 0143")
    assert f"We wait for your answer from {new}" in said
    prove_due(world.now)
    [text] = world.session.scalars(select(Attempt).where(Attempt.to == new)).all()
    [proof] = world.session.scalars(select(PhoneProof)).all()
    assert (text.purpose, proof.code in text.body) == ("phone_proof", True)
    assert "not the code" in hear(world, new, proof.code[1:] + proof.code[0])
    assert again(world, anna).phone == old
    hear(world, old, proof.code)  # from the old phone it proves nothing of the new one
    assert again(world, anna).phone == old
    assert "known to be yours" in hear(world, new, proof.code)
    expert = again(world, anna)
    assert (expert.phone, expert.two_way) == (new, True)
    assert expert.phone_proved_at is not None
    world.file()
    assert world.told(new)[-1] == "offer"


def test_codes_are_three_a_day_and_none_after_a_stop(
    world: World, anna: Expert, page: Visitor
) -> None:
    for _ in range(3):
        assert "on its way" in press(page, "/me/phone/prove")
    assert "Try again tomorrow" in press(page, "/me/phone", phone="+12025550143")
    with writing() as session:
        registrar.opt_out(session, session.get_one(Expert, anna.id), actor="x", now=world.now)
    assert "Text START first" in refused(page, "/me/phone", phone="+12025550143")


def test_nobody_asks_for_number_after_number_who_is_on_the_roster(
    world: World, page: Visitor
) -> None:
    taken = [world.expert(number).phone for number in range(2, 6)]
    for phone in taken[:3]:
        assert "cannot be used" in refused(page, "/me/phone", phone=phone)
    assert "Try again tomorrow" in press(page, "/me/phone", phone=taken[3])
