"""The counter of segments against another implementation, and at its edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smsutil import split

from sandbox.segments import count_segments

ALPHABET = "aZ0 é€[]{}~^\\|\n@ñà" + "çшمر中😀’"


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=400))
def test_it_counts_as_smsutil_does(text: str) -> None:
    assert count_segments(text) == len(split(text).parts)


@given(st.text(alphabet="a€[", min_size=140, max_size=330))
def test_it_counts_plain_texts_with_extended_letters_as_smsutil_does(text: str) -> None:
    assert count_segments(text) == len(split(text).parts)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 67, 3),
    ],
)
def test_it_counts_the_edges(text: str, segments: int) -> None:
    assert count_segments(text) == segments
