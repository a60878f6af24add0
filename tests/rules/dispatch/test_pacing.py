"""Texts leave at the rate of their sender, the gravest first, and refused ones come back spread."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.rules.pacing import Waiting, back_off_s, backlog_s, in_order, next_batch

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def a_text(number: int, priority: int = 3, segments: int = 1, due: float = 0.0) -> Waiting:
    return Waiting(number, priority, segments, NOW + seconds(due))


def test_the_gravest_goes_first_then_who_waited_longest() -> None:
    queue = [a_text(1), a_text(2, due=-9), a_text(3, priority=1), a_text(4, due=-9)]
    assert [text.id for text in in_order(queue)] == [3, 2, 4, 1]


def test_one_segment_a_second_leaves_one_at_a_time() -> None:
    batch = next_batch([a_text(1), a_text(2)], 1.0, NOW, NOW)
    assert batch.ids == (1,)
    assert batch.free_at == NOW + seconds(1)
    assert next_batch([a_text(2)], 1.0, NOW + seconds(0.9), batch.free_at).ids == ()
    assert next_batch([a_text(2)], 1.0, NOW + seconds(1), batch.free_at).ids == (2,)


def test_a_longer_text_holds_the_sender_for_longer() -> None:
    assert next_batch([a_text(1, segments=3)], 2.0, NOW, NOW).free_at == NOW + seconds(1.5)


def test_idle_time_is_not_saved_up() -> None:
    queue = [a_text(number) for number in range(5)]
    assert next_batch(queue, 1.0, NOW, NOW - seconds(3600)).ids == (0,)


def test_without_a_rate_everything_that_is_due_leaves() -> None:
    queue = [a_text(1), a_text(2, priority=1), a_text(3, due=5)]
    assert next_batch(queue, 0, NOW, NOW + seconds(99)).ids == (2, 1)


def test_what_is_not_due_yet_stays_even_if_it_is_grave() -> None:
    assert next_batch([a_text(1, priority=1, due=1), a_text(2)], 1.0, NOW, NOW).ids == (2,)


def test_a_critical_text_overtakes_a_backlog() -> None:
    backlog = [a_text(number) for number in range(50)]
    free_at = next_batch(backlog, 1.0, NOW, NOW).free_at
    queue = [*backlog[1:], a_text(99, priority=1, due=0.5)]
    assert next_batch(queue, 1.0, free_at, free_at).ids == (99,)


def test_a_sender_may_take_a_moment_in_advance() -> None:
    queue = [a_text(number) for number in range(9)]
    batch = next_batch(queue, 10.0, NOW, NOW, ahead_s=0.25)
    assert batch.ids == (0, 1, 2)
    assert batch.free_at == NOW + seconds(0.3)


@given(
    texts=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.floats(0, 20)), max_size=12),
    rate=st.sampled_from([0.5, 1.0, 3.0, 10.0]),
    ahead=st.sampled_from([0.0, 0.5]),
)
@settings(max_examples=40)
def test_over_time_no_more_leaves_than_the_rate_and_nothing_is_lost(
    texts: list[tuple[int, int, float]], rate: float, ahead: float
) -> None:
    queue = [a_text(number, *text) for number, text in enumerate(texts)]
    by_id = {text.id: text for text in queue}
    sent: list[tuple[float, int]] = []
    free_at = NOW
    for tick in range(200):
        now = NOW + seconds(tick / 2)
        batch = next_batch(queue, rate, now, free_at, ahead_s=ahead)
        free_at = batch.free_at
        sent += [(tick / 2, by_id[number].segments) for number in batch.ids]
        queue = [text for text in queue if text.id not in batch.ids]
    assert not queue
    for start, _ in sent:  # from any moment on: the rate, and what was under way already
        until = [(at, n) for at, n in sent if at >= start]
        for end, _ in until:
            within = [n for at, n in until if at <= end]
            assert sum(within[:-1]) <= rate * (end - start + ahead) + 1e-6


def test_the_backlog_is_said_in_seconds() -> None:
    queue = [a_text(1, segments=2), a_text(2)]
    assert backlog_s(queue, 1.5) == pytest.approx(2.0)
    assert backlog_s(queue, 0) == 0.0


def test_refused_senders_come_back_spread_over_a_doubling_time() -> None:
    almost = 1 - 1e-9
    assert [round(back_off_s(tries, almost)) for tries in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]
    assert back_off_s(3, 0.0) == 0.0
    assert back_off_s(3, 0.5) == 4.0
    assert back_off_s(10**9, almost) < 60
    assert back_off_s(0, almost) < 2
