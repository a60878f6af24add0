"""A telephone stops ringing when the offer that it rings for is over; nobody is cut off."""

import pytest

from dispatch.rules import terms
from roster.models import Expert
from sandbox.faults import READS, Fault, Kind
from sandbox.handset import Handset
from sandbox.records import Call
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


@pytest.fixture
def phone(post: Post, expert: Expert) -> Handset:
    return post.phone(expert)


@pytest.fixture
def call(post: Post, world: World, expert: Expert, phone: Handset) -> Call:
    """The second channel of an offer: the telephone rings."""
    world.file()
    post.deliver()
    phone.expect_text()
    world.forward(seconds=300)
    post.deliver()
    [rings] = post.sandbox.store.calls
    assert (rings.to, rings.status) == (expert.phone, "ringing")
    return rings


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_by_text_ends_the_ringing(
    post: Post, expert: Expert, phone: Handset, call: Call, yes: bool
) -> None:
    phone.accept() if yes else phone.decline()
    post.sandbox.settle()
    assert post.stop_ringing() == 1
    assert call.status == "canceled"
    post.deliver()  # the receipt of it, and what the answer led to
    assert post.statuses(expert, "voice") == [terms.FAILED]
    assert post.offer(expert).status == (terms.ACCEPTED if yes else terms.DECLINED)
    assert (post.incidents(), post.mails(expert.email)) == ([], [])
    assert post.stop_ringing() == 0


def test_a_call_of_an_open_offer_rings_on(post: Post, call: Call) -> None:
    assert post.stop_ringing() == 0
    assert call.status == "ringing"


def test_whoever_has_picked_up_is_not_cut_off(post: Post, phone: Handset, call: Call) -> None:
    phone.expect_call().answer()
    post.sandbox.settle()
    phone.accept()
    post.sandbox.settle()
    assert post.stop_ringing() == 0
    assert call.status == "in-progress"


def test_a_call_is_asked_to_stop_once_even_when_that_is_lost(
    post: Post, expert: Expert, phone: Handset, call: Call
) -> None:
    phone.accept()
    post.sandbox.settle()
    post.sandbox.store.faults.add(Fault(Kind.REJECT, where=READS, status=500))
    assert post.stop_ringing() == 0
    assert post.stop_ringing() == 0
    assert call.status == "ringing"
    assert post.statuses(expert, "voice") == [terms.SENT]
