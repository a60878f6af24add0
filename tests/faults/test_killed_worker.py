"""A real worker dies between claiming and storing: one text in the end, not two, not none."""

import pytest

from dispatch.outbox.reconcile import PROOF_S
from dispatch.rules import terms
from roster.models import Expert
from sandbox.faults import Fault, Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.faults.crew import worker
from tests.faults.waiting import eventually

LONG_AFTER_S = PROOF_S + 1


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


@pytest.mark.parametrize("fault", [Kind.HANG_AFTER, Kind.HANG_BEFORE])
def test_a_worker_that_is_killed_while_it_waits_for_the_provider(
    post: Post, world: World, expert: Expert, environment: dict[str, str], fault: Kind
) -> None:
    """HANG_AFTER: the provider has the text; HANG_BEFORE: it never got it. We cannot tell."""
    post.sandbox.add_fault(Fault(fault))
    with worker(environment) as doomed:
        world.file()
        eventually(lambda: not post.sandbox.store.faults.all())
        doomed.kill()
    assert post.statuses(expert) == [terms.SENDING]
    assert post.reconcile() == 0  # too early for a proof
    world.forward(seconds=LONG_AFTER_S)
    assert post.reconcile() == 1
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]
    assert len(post.held(expert)) == 1


def test_another_worker_takes_over(
    post: Post, world: World, expert: Expert, environment: dict[str, str]
) -> None:
    with worker(environment) as first, worker(environment):
        first.freeze()
        world.file()
        eventually(lambda: post.statuses(expert) == [terms.SENT])
    assert len(post.held(expert)) == 1


def test_a_worker_that_slept_while_another_found_out_changes_nothing(
    post: Post, world: World, expert: Expert, environment: dict[str, str]
) -> None:
    """Frozen while it waits for the answer, thawed when the list has been asked already."""
    post.sandbox.add_fault(Fault(Kind.SLOW, seconds=3.0))
    with worker(environment) as sleeper:
        world.file()
        eventually(lambda: not post.sandbox.store.faults.all())
        sleeper.freeze()
        world.forward(seconds=LONG_AFTER_S)
        eventually(lambda: len(post.held(expert)) == 1)
        assert post.reconcile() == 1
        sleeper.thaw()
        assert sleeper.stop() == 0
    post.deliver()
    assert len(post.held(expert)) == 1
    assert post.statuses(expert) == [terms.DELIVERED]
