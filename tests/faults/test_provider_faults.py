"""Each way in which handing a text over can go wrong: never two texts, never waiting in vain."""

import pytest
from flask import Flask

from dispatch.channels.provider import CONNECT_S
from dispatch.outbox.claim import claim_due
from dispatch.outbox.line import LATEST_S
from dispatch.outbox.reconcile import PROOF_S
from dispatch.outbox.send import TIME_LIMIT_S
from dispatch.rules import terms
from roster.models import Expert
from sandbox.faults import READS, Fault, Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World

LONG_AFTER_S = PROOF_S + 1
LOST = {
    "timed out after it was taken": Fault(Kind.HANG_AFTER),
    "timed out before it was taken": Fault(Kind.HANG_BEFORE),
    "connection broken after it was taken": Fault(Kind.RESET_AFTER),
    "connection broken before it was taken": Fault(Kind.RESET_BEFORE),
    "gateway error": Fault(Kind.REJECT, status=502),
    "server error": Fault(Kind.REJECT, status=500, code=20500),
}
TAKEN = frozenset({"timed out after it was taken", "connection broken after it was taken"})


@pytest.fixture
def impatient(app: Flask) -> None:
    """A provider that hangs is waited for a short while only."""
    app.config["PROVIDER_TIME_LIMIT_S"] = 1.0


@pytest.fixture
def expert(world: World) -> Expert:
    """The one who is asked; another stands behind."""
    near, _next = world.experts(2)
    return near


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_call_is_unknown_and_never_sent_again_blindly(
    post: Post, world: World, expert: Expert, fault: str
) -> None:
    post.sandbox.add_fault(LOST[fault])
    world.file()
    post.send()
    assert post.statuses(expert) == [terms.UNKNOWN]
    world.forward(seconds=5)
    post.send()
    assert post.statuses(expert) == [terms.UNKNOWN]
    assert len(post.held(expert)) == (fault in TAKEN)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", sorted(TAKEN))
def test_the_list_finds_a_lost_text_that_was_taken(
    post: Post, world: World, expert: Expert, fault: str
) -> None:
    post.sandbox.add_fault(LOST[fault])
    world.file()
    post.send()
    assert post.reconcile() == 1
    (attempt,) = post.attempts(expert)
    assert attempt.status == terms.SENT
    assert attempt.provider_sid == post.sandbox.store.messages[-1].sid
    world.forward(seconds=LONG_AFTER_S)
    post.deliver()
    assert len(post.held(expert)) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", sorted(TAKEN))
def test_a_receipt_finds_a_lost_text_that_was_taken(
    post: Post, world: World, expert: Expert, fault: str
) -> None:
    post.sandbox.add_fault(LOST[fault])
    world.file()
    post.deliver()
    (attempt,) = post.attempts(expert)
    assert attempt.status == terms.DELIVERED
    assert attempt.provider_sid is not None
    assert attempt.sent_at is not None
    assert post.reconcile() == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", sorted(set(LOST) - TAKEN))
def test_a_lost_text_that_was_not_taken_is_tried_once_more_when_that_is_proved(
    post: Post, world: World, expert: Expert, fault: str
) -> None:
    post.sandbox.add_fault(LOST[fault])
    world.file()
    post.send()
    assert post.reconcile() == 0  # too early: it may still be on its way
    world.forward(seconds=LONG_AFTER_S)
    assert post.reconcile() == 1
    assert post.statuses(expert) == [terms.FAILED, terms.QUEUED]
    world.forward(seconds=16)
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED, terms.DELIVERED]
    assert len(post.held(expert)) == 1


def test_what_a_call_may_still_be_under_way_with_is_not_sent_again(
    post: Post, world: World, expert: Expert
) -> None:
    """Begun at the last moment, an address or two in vain, then the whole wait for an answer."""
    world.file()
    claim_due(world.now, 10)
    world.forward(seconds=LATEST_S + 2 * CONNECT_S + TIME_LIMIT_S)
    assert post.reconcile() == 0
    assert post.statuses(expert) == [terms.SENDING]
    world.forward(seconds=LONG_AFTER_S)
    assert post.reconcile() == 1
    assert post.statuses(expert) == [terms.QUEUED]


def test_without_a_list_nothing_is_proved_and_the_next_channel_is_used(
    post: Post, world: World, expert: Expert
) -> None:
    post.sandbox.add_fault(LOST["server error"])
    post.sandbox.add_fault(Fault(Kind.REJECT, where=READS, status=503, times=None))
    world.file()
    post.send()
    world.forward(seconds=61)
    assert post.reconcile() == 0
    assert post.statuses(expert) == [terms.UNKNOWN]
    post.send()
    assert post.statuses(expert, "voice") == [terms.SENT]
    assert post.held(expert) == []


@pytest.mark.parametrize("code", [21211, 21614, 21635])
def test_a_number_that_takes_no_texts_is_called_at_once(
    post: Post, world: World, expert: Expert, code: int
) -> None:
    post.phone(expert).refuse(code)
    world.file()
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED]
    assert post.statuses(expert, "voice") == [terms.SENT]
    world.session.refresh(expert)
    assert expert.sms_failed_at is not None


@pytest.mark.parametrize("code", [30005, 30006])
def test_a_text_that_cannot_be_delivered_moves_on_at_once(
    post: Post, world: World, expert: Expert, code: int
) -> None:
    post.phone(expert).reject(code)
    world.file()
    post.deliver()
    post.deliver()
    (attempt,) = post.attempts(expert)
    assert (attempt.status, attempt.error_code) == (terms.FAILED, code)
    assert post.statuses(expert, "voice") == [terms.SENT]


@pytest.mark.parametrize("code", [21408, 30034, 30450, 30007])
def test_what_is_ours_to_mend_is_told_to_the_duty_officer(
    post: Post, world: World, expert: Expert, code: int
) -> None:
    officer = world.officer()
    if code == 21408:
        post.phone(expert).refuse(code)
    else:
        post.phone(expert).reject(code)
    world.file()
    post.deliver()
    post.deliver()
    assert "delivery" in post.incidents()
    assert any(str(code) in mail.body for mail in post.mails(officer.email))
    assert post.statuses(expert, "voice") == [terms.SENT]


@pytest.mark.parametrize("code", [30001, 30003, 30008])
def test_a_passing_failure_is_tried_once_more(
    post: Post, world: World, expert: Expert, code: int
) -> None:
    post.phone(expert).reject(code)
    world.file()
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED, terms.QUEUED]
    world.forward(seconds=16)
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED, terms.DELIVERED]


def test_a_passing_failure_that_comes_again_moves_on(
    post: Post, world: World, expert: Expert
) -> None:
    post.phone(expert).reject(30003, times=2)
    world.file()
    post.deliver()
    world.forward(seconds=16)
    post.deliver()
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED, terms.FAILED]
    assert post.statuses(expert, "voice") == [terms.SENT]


def test_when_no_channel_is_left_the_next_expert_is_asked(
    post: Post, world: World, expert: Expert
) -> None:
    post.phone(expert).refuse(21211)
    post.phone(expert).fail_calls()
    request = world.file(severity=1)
    for _ in range(4):
        post.deliver()
    statuses = post.statuses(expert), post.statuses(expert, "voice")
    assert statuses == ([terms.FAILED], [terms.FAILED])
    # The mail has left: it may still be read in time, so the offer keeps its window.
    assert post.statuses(expert, "email") == [terms.SENT]
    assert world.ladder(request)[0][1] == terms.OPEN


def test_too_many_requests_wait_and_leave_later(post: Post, world: World, expert: Expert) -> None:
    post.sandbox.add_fault(Fault(Kind.REJECT, status=429, code=20429, times=None))
    world.file()
    post.send()
    assert post.statuses(expert) == [terms.QUEUED]
    post.sandbox.come_back()
    world.forward(seconds=60)
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]
    assert len(post.held(expert)) == 1


def test_our_own_deadline_needs_nothing_done(post: Post, world: World, expert: Expert) -> None:
    post.phone(expert).reject(30036)
    world.file()
    post.deliver()
    post.deliver()
    assert post.statuses(expert) == [terms.FAILED]
    assert post.statuses(expert, "voice") == [terms.QUEUED]


def test_a_provider_that_is_gone_is_tried_again_until_it_is_back(
    post: Post, world: World, expert: Expert
) -> None:
    """No connection at all: the provider holds nothing, so the same attempt may go again."""
    post.sandbox.go_down(status=429)
    world.file()
    for _ in range(3):
        post.send()
        world.forward(seconds=60)
    assert post.statuses(expert) == [terms.QUEUED]
    post.sandbox.come_back()
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]
