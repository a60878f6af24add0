"""Two crises wait at once, and the same expert is the nearest of both."""

from tests.stories.story import Case, Story


def asked(case: Case) -> list[str]:
    return [offer["expert"] for offer in case.seen["offers"]]


def test_whoever_can_go_elsewhere_leaves_the_nearest_to_the_other(story: Story) -> None:
    either = story.crisis(summary="Two languages will do.", languages=["en", "fr"])
    french = story.crisis(summary="French alone will do.", languages=["fr"])
    near = story.world.expert(1, name="near", languages=("fr",))
    other = story.world.expert(2, name="other", languages=("en",))
    story.hear_of(story.phone_of(near))
    assert (asked(either), asked(french)) == ([other.public_id], [near.public_id])
    story.phone_of(near).expect_text()
    story.phone_of(other).expect_text()


def test_a_grave_case_keeps_the_nearest(story: Story) -> None:
    light, grave = story.crisis(severity=2), story.crisis(severity=1)
    near, far = story.world.experts(2)
    story.hear_of(story.phone_of(near))
    assert (asked(grave), asked(light)) == ([near.public_id], [far.public_id])
