"""The provider is down: nothing is lost, and the text leaves when it is back."""

from tests.stories.story import Story


def test_a_text_waits_for_the_provider_and_leaves_once(story: Story) -> None:
    (near,) = story.experts("near")
    story.post.sandbox.go_down()
    case = story.crisis()
    assert near.texts == []
    story.post.sandbox.come_back()
    for _ in range(8):
        story.pass_time(seconds=20)
        story.post.reconcile()
        story.work()
    near.expect_text()
    near.accept()
    assert case.status == "assigned"
    assert len(story.post.sandbox.store.texts(near.number)) <= 3
