"""The nearest qualified expert is asked first, and nobody else."""

from tests.stories.story import Story


def test_the_nearest_is_asked_and_the_others_are_left_in_peace(story: Story) -> None:
    story.expert("far", 5)
    near, middle = story.expert("near", 1), story.expert("middle", 2)
    story.crisis()
    near.expect_text("Ukraine", " 1 ", " 2 ")
    middle.expect_nothing()
