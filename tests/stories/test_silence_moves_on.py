"""Silence: when the window is over the next is asked; how long it is, an administrator says."""

from pathlib import Path

from tests.conftest import Command
from tests.stories.story import Story


def test_silence_brings_the_next_and_then_a_wider_wave(
    story: Story, flask: Command, tmp_path: Path
) -> None:
    story.shorten_windows(flask, tmp_path, seconds=20)
    phones = story.experts("first", "second", "third", "fourth", "fifth", "sixth")
    case = story.crisis()
    for phone in phones[:2]:
        phone.expect_text()
        story.pass_time(seconds=21)
    for phone in phones[2:5]:
        phone.expect_text()
    phones[5].expect_nothing()
    assert case.ladder == ["expired", "expired", "open", "open", "open"]
