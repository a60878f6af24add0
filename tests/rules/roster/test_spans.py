"""Hours as people type them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.rules.spans import (
    DAY,
    OVER_MIDNIGHT,
    TOO_MANY,
    UNREADABLE,
    SpanError,
    read_minute,
    read_spans,
    write_span,
)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("  ", ()),
        ("09:00-12:30", ((540, 750),)),
        ("9-12, 14–18", ((540, 720), (840, 1080))),
        ("9.00 - 12.30 14.00 - 18.00", ((540, 750), (840, 1080))),
        ("9h30 — 17h", ((570, 1020),)),
        ("٠٩:٠٠–١٧:٠٠، ١٨:٠٠-٢٠:٠٠", ((540, 1020), (1080, 1200))),
        ("９：００～１２：００；13:00至17:00", ((540, 720), (780, 1020))),
        ("0-24", ((0, DAY),)),
        ("9-12, 11-15, 15-16", ((540, 960),)),
    ],
)
def test_hours_are_read_as_they_are_written(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert read_spans(text) == spans


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("22:00-06:00", OVER_MIDNIGHT),
        ("9-9", OVER_MIDNIGHT),
        ("morning", UNREADABLE),
        ("9", UNREADABLE),
        ("9:75-10", UNREADABLE),
        ("9-24:30", UNREADABLE),
        ("9-25", UNREADABLE),
        ("1-2,3-4,5-6,7-8,9-10,11-12,13-14", TOO_MANY),
    ],
)
def test_hours_that_cannot_be_are_refused(text: str, reason: str) -> None:
    with pytest.raises(SpanError) as refused:
        read_spans(text)
    assert refused.value.reason == reason


def test_a_single_time_is_read() -> None:
    assert [read_minute(text) for text in ("22:00", "6:30", "٠٦:٣٠")] == [1320, 390, 390]
    with pytest.raises(SpanError):
        read_minute("noon")


@given(st.integers(0, DAY - 1), st.integers(1, DAY))
def test_what_is_written_is_read_back(start: int, length: int) -> None:
    span = start, min(start + length, DAY)
    assert read_spans(write_span(span)) == (span,)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        spans = read_spans(text)
    except SpanError:
        return
    assert all(0 <= start < end <= DAY for start, end in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
