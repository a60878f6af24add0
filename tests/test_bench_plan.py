"""What a run of the bench is made of: every goal by default, a part by name, rosters only once."""

import pytest

from bench.plan import SIZES, bursting_s, plan_of


def test_without_a_word_all_parts_are_measured_up_to_a_million() -> None:
    plan = plan_of([])
    assert plan.parts == {"matching", "rooms", "dispatch"}
    assert plan.sizes == (10_000, 100_000, 1_000_000)
    assert plan.contents() == ["10000", "100000", "1000000", "1000+10000"]


@pytest.mark.parametrize(
    ("words", "contents"),
    [
        (["--small"], ["10000", "100000", "1000+10000"]),
        (["--matching"], [str(size) for size in SIZES]),
        (["--dispatch"], ["10000"]),
        (["--rooms"], ["1000+1000", "1000+10000", "1000+100000"]),
        (["--matching", "--dispatch", "--small"], ["10000", "100000"]),
    ],
)
def test_a_part_fills_only_the_rosters_that_it_needs(words: list[str], contents: list[str]) -> None:
    assert plan_of(words).contents() == contents


def test_bursts_take_what_ten_minutes_leave_but_forty_seconds_at_least() -> None:
    assert bursting_s(300, databases=2) == 65
    assert bursting_s(425, databases=1) == 60
    assert bursting_s(600, databases=1) == 40
