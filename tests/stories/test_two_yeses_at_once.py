"""Two say yes at the same moment: one goes, the other is told kindly."""

from concurrent.futures import ThreadPoolExecutor

from tests.stories.story import Story


def test_two_yeses_at_once_give_one_mission(story: Story) -> None:
    phones = story.experts("first", "second", "third", "fourth", "fifth")
    case = story.crisis()
    for phone in phones[:2]:
        phone.expect_text()
        phone.decline()
        story.work()
    for phone in phones[2:4]:
        phone.expect_text()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda phone: phone.accept(), phones[2:4]))
    story.work()
    assert (case.status, len(case.missions)) == ("assigned", 1)
    assert sorted(case.ladder[2:]) == ["accepted", "withdrawn", "withdrawn"]
