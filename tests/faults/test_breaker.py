"""When the provider refuses our account nothing is burnt: texts wait, mails leave, one tries."""

import pytest

from dispatch.rules import terms
from roster.models import Expert
from sandbox.faults import ALL, Fault, Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


@pytest.fixture
def expert(world: World) -> Expert:
    near, _next = world.experts(2)
    return near


def refuse_account(post: Post, code: int) -> None:
    post.sandbox.add_fault(Fault(Kind.REJECT, where=ALL, status=401, code=code, times=None))


@pytest.mark.parametrize("code", [20003, 20403, 10001])
def test_a_refused_account_stops_sending_and_uses_mail(
    post: Post, world: World, expert: Expert, code: int
) -> None:
    officer = world.officer()
    refuse_account(post, code)
    world.file()
    post.deliver()
    post.deliver()
    assert post.statuses(expert) == [terms.QUEUED]
    assert post.statuses(expert, "email") == [terms.SENT]
    assert post.incidents() == ["provider_stopped"]
    assert any(str(code) in mail.body for mail in post.mails(officer.email))
    assert post.offer(expert).status == terms.OPEN


def test_while_it_is_shut_the_provider_is_left_alone(
    post: Post, world: World, expert: Expert
) -> None:
    refuse_account(post, 20003)
    world.file()
    post.deliver()
    post.sandbox.come_back()
    world.forward(seconds=10)
    post.deliver()
    assert post.held(expert) == []


def test_one_message_tries_and_then_all_may_leave(post: Post, world: World) -> None:
    experts = world.experts(3)
    refuse_account(post, 20003)
    world.file(experts_needed=3)
    post.deliver()
    post.sandbox.come_back()
    world.forward(seconds=31)
    post.deliver()
    assert [post.statuses(expert) for expert in experts] == [[terms.DELIVERED]] * 3
    assert post.incidents() == []


def test_a_trial_that_is_refused_shuts_it_for_longer(
    post: Post, world: World, expert: Expert
) -> None:
    refuse_account(post, 20003)
    world.file()
    post.deliver()
    world.forward(seconds=31)
    post.deliver()  # the trial
    post.sandbox.come_back()
    world.forward(seconds=31)
    post.deliver()
    assert post.held(expert) == []
    world.forward(seconds=60)
    post.deliver()
    assert len(post.held(expert)) == 1


def test_a_suspended_account_that_is_reported_by_a_receipt_stops_sending_too(
    post: Post, world: World, expert: Expert
) -> None:
    post.phone(expert).reject(30002)
    world.file()
    post.deliver()
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED]
    assert post.statuses(expert, "email") == [terms.SENT]
    assert post.incidents() == ["provider_stopped"]
    assert post.statuses(expert, "voice") == [terms.QUEUED]
