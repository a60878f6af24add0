"""Nobody may be asked: duty officer and office are told, and it is searched again with news."""

from tests.stories.story import Story


def test_nobody_is_texted_until_somebody_qualifies(story: Story) -> None:
    wrong = story.expert("no skill", 1, skills={"TRN": 3})
    case = story.crisis()
    wrong.expect_nothing()
    story.duty_phone.expect_text("nobody is left to ask")
    story.office_phone.expect_text("no expert has been found yet")
    assert case.status == "unfilled"
    right = story.expert("right", 3)
    story.hear_of(right)
    right.expect_text()
    assert case.status == "searching"
