"""Receipts come late, twice, out of order, or before the answer: a status never goes backwards."""

import itertools

import pytest

from core.db import writing
from dispatch.models import Attempt
from dispatch.outbox import record_receipt
from dispatch.rules import terms
from roster.models import Expert
from sandbox.faults import Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World

SID, OTHER_SID = "SM" + "a" * 32, "SM" + "b" * 32


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


@pytest.fixture
def sent(post: Post, world: World, expert: Expert) -> Attempt:
    """A text that was handed over, of which nothing was heard yet."""
    world.file()
    post.send()
    (attempt,) = post.attempts(expert)
    assert attempt.status == terms.SENT
    return attempt


def hear(
    world: World, attempt: Attempt, status: str, sid: str = "", code: int | None = None
) -> bool:
    """A receipt comes in; afterwards `attempt` is as it is stored."""
    with writing() as session:
        known = record_receipt(
            session, attempt.public_id, sid or attempt.provider_sid or SID, status,
            error_code=code, now=world.now,
        )  # fmt: skip
    world.session.refresh(attempt)
    return known


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["queued", "sent", "delivered"])), ids="-".join
)
def test_whatever_the_order_a_delivered_text_is_delivered(
    world: World, sent: Attempt, order: tuple[str, ...]
) -> None:
    for status in order * 2:
        hear(world, sent, status)
    assert sent.status == terms.DELIVERED
    assert sent.delivered_at is not None


def test_what_has_failed_stays_failed(post: Post, world: World, sent: Attempt) -> None:
    hear(world, sent, "undelivered", code=30005)
    ended = sent.ended_at
    hear(world, sent, "delivered")
    hear(world, sent, "undelivered", code=30007)
    assert (sent.status, sent.error_code, sent.ended_at) == (terms.FAILED, 30005, ended)
    assert post.incidents() == []


def test_a_receipt_may_come_before_the_answer_to_the_call(
    post: Post, world: World, expert: Expert
) -> None:
    post.phone(expert).fault(Kind.EARLY_CALLBACKS)
    world.file()
    post.send()
    (attempt,) = post.attempts(expert)
    assert attempt.status == terms.DELIVERED
    assert attempt.provider_sid == post.sandbox.store.messages[-1].sid
    assert attempt.sent_at is not None
    assert post.offer(expert).deadline > attempt.sent_at


@pytest.mark.parametrize(
    "kind", [Kind.DUPLICATE_CALLBACKS, Kind.REVERSE_CALLBACKS, Kind.LOSE_CALLBACKS]
)
def test_callbacks_that_misbehave_do_no_harm(
    post: Post, world: World, expert: Expert, kind: Kind
) -> None:
    post.phone(expert).fault(kind)
    world.file()
    post.deliver()
    assert post.statuses(expert) == [terms.SENT if kind == Kind.LOSE_CALLBACKS else terms.DELIVERED]
    assert len(post.held(expert)) == 1


def test_a_lost_failure_is_asked_for(post: Post, world: World, expert: Expert) -> None:
    phone = post.phone(expert)
    phone.fault(Kind.LOSE_CALLBACKS)
    phone.reject(30006)
    world.file()
    post.deliver()
    assert post.statuses(expert) == [terms.SENT]
    world.forward(seconds=40)
    assert post.ask_about_silent() == 1
    assert post.statuses(expert) == [terms.FAILED]
    post.deliver()
    assert post.statuses(expert, "voice") == [terms.SENT]


def test_a_failure_after_the_answer_ends_nothing(post: Post, world: World, expert: Expert) -> None:
    world.file()
    post.send()
    (attempt,) = post.attempts(expert)
    phone = post.phone(expert)
    post.sandbox.settle()
    phone.expect_text()
    phone.accept()
    post.sandbox.settle()
    with writing() as session:
        session.get_one(Attempt, attempt.id).status = terms.SENT
    hear(world, attempt, "undelivered", code=30008)
    assert post.offer(expert).status == terms.ACCEPTED
    assert post.statuses(expert) == [
        terms.FAILED,
    ]


def test_a_second_message_for_one_attempt_is_noticed(
    post: Post, world: World, sent: Attempt
) -> None:
    assert not hear(world, sent, "delivered", sid=OTHER_SID)
    assert sent.status == terms.SENT
    assert post.incidents() == ["doubled"]


@pytest.mark.parametrize("status", ["", "exploded", "SENT "])
def test_an_unknown_word_changes_nothing(world: World, sent: Attempt, status: str) -> None:
    hear(world, sent, status)
    assert sent.status == terms.SENT


def test_a_receipt_for_no_attempt_of_ours_is_nothing(post: Post, world: World) -> None:
    with writing() as session:
        assert not record_receipt(
            session, "a" * 26, SID, "delivered", error_code=None, now=world.now
        )


def test_a_receipt_for_what_went_back_into_the_queue_keeps_it_from_leaving_again(
    post: Post, world: World, expert: Expert
) -> None:
    """The provider's list said that it had nothing, and yet it had: late, but not twice."""
    world.file()
    (attempt,) = post.attempts(expert)
    hear(world, attempt, "sent", sid=SID)
    assert attempt.status == terms.SENT
    post.deliver()
    assert post.held(expert) == []
