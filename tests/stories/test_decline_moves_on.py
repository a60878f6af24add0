"""A no: the next is asked at once, and not at the end of the window."""

from tests.stories.story import Story


def test_a_no_brings_the_next(story: Story) -> None:
    near, far = story.experts("near", "far")
    case = story.crisis()
    near.expect_text()
    near.decline()
    story.work()
    far.expect_text()
    assert case.ladder == ["declined", "open"]
