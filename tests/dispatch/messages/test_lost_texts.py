"""A reply whose webhook was lost is fetched from the provider's list; older ones are not ours."""

import pytest

from dispatch.rules import terms
from dispatch.webhooks.inbound import fetch_lost
from roster.models import Expert
from sandbox.faults import READS, Fault, Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


def ask(post: Post, world: World) -> None:
    world.file()
    post.deliver()


def answer_in_vain(post: Post, expert: Expert, body: str) -> None:
    """A text that the provider has, and of which we hear nothing."""
    phone = post.phone(expert)
    phone.fault(Kind.LOSE_INBOUND)
    phone.reply(body)


def test_a_lost_yes_is_fetched_and_answered(post: Post, world: World, expert: Expert) -> None:
    assert fetch_lost() == 0  # a worker's first turn, before anything came
    ask(post, world)
    answer_in_vain(post, expert, f"1 {post.offer(expert).code}")
    assert post.offer(expert).status == terms.OPEN
    assert fetch_lost() == 1
    assert post.offer(expert).status == terms.ACCEPTED
    post.deliver()
    post.phone(expert).expect_text("is yours")


def test_it_acts_once(post: Post, world: World, expert: Expert) -> None:
    fetch_lost()
    ask(post, world)
    answer_in_vain(post, expert, "what?")
    assert fetch_lost() == 1
    assert fetch_lost() == 0
    post.deliver()
    answers = [body for body in post.held(expert) if "did not understand" in body]
    assert len(answers) == 1


def test_what_came_by_webhook_is_not_fetched(post: Post, world: World, expert: Expert) -> None:
    fetch_lost()
    ask(post, world)
    post.phone(expert).reply("what?")
    assert fetch_lost() == 0


def test_a_fetched_yes_counts_from_when_it_was_fetched(
    post: Post, world: World, expert: Expert
) -> None:
    fetch_lost()
    ask(post, world)
    answer_in_vain(post, expert, "1")
    world.forward(minutes=11)
    assert fetch_lost() == 1
    assert post.offer(expert).status != terms.ACCEPTED


def test_what_came_before_this_database_was_made_is_not_ours(
    post: Post, world: World, expert: Expert
) -> None:
    """An old `1` on the same number must not accept today's offer."""
    answer_in_vain(post, expert, "1")
    assert fetch_lost() == 0
    ask(post, world)
    assert fetch_lost() == 0
    assert post.offer(expert).status == terms.OPEN


def test_a_list_that_cannot_be_had_is_asked_for_again(
    post: Post, world: World, expert: Expert
) -> None:
    fetch_lost()
    ask(post, world)
    answer_in_vain(post, expert, "1")
    post.sandbox.add_fault(Fault(Kind.REJECT, where=READS, status=503))
    assert fetch_lost() == 0
    assert fetch_lost() == 1
    assert post.offer(expert).status == terms.ACCEPTED
