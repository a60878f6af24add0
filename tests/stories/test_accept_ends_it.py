"""A yes: the office is told who comes, the others that nothing is expected of them."""

from tests.stories.story import Story


def test_a_yes_ends_the_search_and_everybody_is_told(story: Story) -> None:
    phones = story.experts("first", "second", "third", "fourth", "fifth")
    case = story.crisis()
    for phone in phones[:2]:
        phone.expect_text()
        phone.decline()
        story.work()
    for phone in phones[2:]:
        phone.expect_text()
    phones[3].accept()
    story.work()
    phones[3].expect_text("is yours")
    phones[2].expect_text("somebody else has accepted")
    story.office_phone.expect_text("fourth", phones[3].number)
    assert (case.status, len(case.missions)) == ("assigned", 1)
    phones[4].accept()
    phones[4].expect_text("Somebody else")
    assert len(case.missions) == 1
