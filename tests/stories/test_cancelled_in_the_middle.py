"""The office cancels while somebody is being asked: they are told, and a yes opens nothing."""

from tests.stories.story import Story


def test_a_cancelled_request_tells_whoever_was_asked(story: Story) -> None:
    near, far = story.experts("near", "far")
    case = story.crisis()
    code = near.expect_text().code
    case.cancel()
    near.expect_text("is withdrawn")
    near.reply(f"1 {code}")
    near.expect_text("has been withdrawn")
    far.expect_nothing()
    assert (case.status, case.missions) == ("cancelled", [])
