"""I9: no offer leaves after it was withdrawn, filled, or past its deadline."""

import pytest
from sqlalchemy import update

from core.db import db, writing
from dispatch import answers, intake
from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.rules import terms
from roster import registrar
from roster.models import Expert
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


@pytest.fixture
def request_(world: World, expert: Expert) -> CrisisRequest:
    """A request of which a text waits to leave."""
    return world.file()


def none_left(post: Post, expert: Expert) -> None:
    post.deliver()
    assert post.held(expert) == []
    assert post.statuses(expert) == [terms.DROPPED]


def test_a_withdrawn_offer_does_not_leave(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        offer = session.get_one(Offer, post.offer(expert).id)
        answers.withdraw_offer(session, offer, actor="system", reason="a test", now=world.now)
    none_left(post, expert)


def test_an_offer_of_a_cancelled_request_does_not_leave(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        found = session.get_one(CrisisRequest, request_.id)
        intake.cancel(session, found, "a test", actor="system", now=world.now)
    none_left(post, expert)


def test_an_offer_past_its_deadline_does_not_leave(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    world.forward(minutes=11)
    none_left(post, expert)


@pytest.mark.parametrize("status", [terms.ASSIGNED, terms.CLOSED, terms.CANCELLED])
def test_an_offer_of_a_request_that_is_over_does_not_leave_even_if_it_stayed_open(
    post: Post, world: World, expert: Expert, request_: CrisisRequest, status: str
) -> None:
    """The gate looks at both rows: one that somebody forgot to change does not let it through."""
    with writing() as session:
        session.execute(update(CrisisRequest).values(status=status))
    none_left(post, expert)


def test_nothing_leaves_to_somebody_who_opted_out_meanwhile(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        found = session.get_one(Expert, expert.id)
        registrar.opt_out(session, found, actor="system", now=world.now)
    none_left(post, expert)


def test_a_later_channel_does_not_leave_after_the_answer(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    post.deliver()
    phone = post.phone(expert)
    phone.expect_text()
    phone.decline()
    post.sandbox.settle()
    world.forward(seconds=300)
    post.deliver()
    assert post.statuses(expert, "voice") == [terms.DROPPED]
    assert post.sandbox.store.calls == []


# SQLite has one writer at a time: nobody can be in the middle of a change while we look.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_offer_that_somebody_is_changing_is_left_alone_until_they_have_done(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with db.engine.connect() as other:
        other.execute(update(Offer).values(status=terms.WITHDRAWN))
        post.send()
        assert post.statuses(expert) == [terms.QUEUED]
        other.commit()
    none_left(post, expert)


def test_an_attempt_that_another_worker_holds_is_not_taken_twice(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        session.execute(update(Attempt).where(Attempt.channel == "sms").values(status="sending"))
    post.deliver()
    assert post.held(expert) == []
