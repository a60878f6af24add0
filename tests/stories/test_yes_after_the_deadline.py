"""A yes that comes too late never counts, even when nobody else has said yes."""

from tests.stories.story import Story


def test_a_late_yes_is_told_so_and_the_next_keeps_their_offer(story: Story) -> None:
    near, far = story.experts("near", "far")
    case = story.crisis()
    near.expect_text()
    story.pass_time(minutes=10, seconds=5)
    far.expect_text()
    near.accept()
    near.expect_text("The time to answer is over")
    assert (case.ladder, case.missions) == (["expired", "open"], [])
