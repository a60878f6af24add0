"""An expert goes away while they are being asked: the offer is taken back, the next is asked."""

from tests.stories.story import Story


def test_away_by_text_takes_the_offer_back(story: Story) -> None:
    near, far = story.experts("near", "far")
    case = story.crisis()
    near.expect_text()
    near.reply("AWAY 14")
    story.work()
    near.expect_text("you are away until")
    far.expect_text()
    assert case.ladder == ["withdrawn", "open"]


def test_a_suspension_takes_the_offer_back_and_a_yes_no_longer_counts(story: Story) -> None:
    near, far = story.experts("near", "far")
    case = story.crisis()
    code = near.expect_text().code
    story.suspend(near)
    near.expect_text("is withdrawn")
    far.expect_text()
    near.reply(f"1 {code}")
    assert (case.ladder, case.missions) == (["withdrawn", "open"], [])
