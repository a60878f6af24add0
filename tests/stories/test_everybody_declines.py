"""Everybody says no: a human takes over, and nobody is asked a second time by the machine."""

from tests.stories.story import Story


def test_when_all_decline_the_duty_officer_is_told(story: Story) -> None:
    phones = story.experts("first", "second")
    case = story.crisis()
    for phone in phones:
        phone.expect_text()
        phone.decline()
        story.work()
    story.duty_phone.expect_text("nobody is left to ask")
    story.pass_time(hours=3)
    assert (case.status, case.ladder) == ("unfilled", ["declined", "declined"])
