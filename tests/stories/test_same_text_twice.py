"""The provider delivers one text twice: it acts once."""

from sandbox.faults import Kind
from tests.stories.story import Story


def test_a_text_that_arrives_twice_declines_once(story: Story) -> None:
    phones = story.experts("first", "second", "third")
    case = story.crisis()
    phones[0].expect_text()
    phones[0].fault(Kind.DUPLICATE_INBOUND)
    phones[0].decline()
    story.work()
    phones[1].expect_text()
    phones[2].expect_nothing()
    assert case.ladder == ["declined", "open"]
