"""A worker dies between claiming a text and sending it: nothing is sent twice, nobody waits."""

from dispatch.outbox.claim import claim_due
from tests.stories.story import Story


def test_a_text_of_a_dead_worker_never_comes_twice_and_the_next_is_asked(story: Story) -> None:
    near, far = story.experts("near", "far")
    story.crisis_without_worker()
    assert claim_due(story.world.now, 10).outgoing
    for _ in range(12):
        story.pass_time(minutes=1)
        story.post.reconcile()
    story.work()
    assert len([text for text in near.texts if text.code]) <= 1
    far.expect_text()
