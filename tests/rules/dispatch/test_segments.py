"""Segments counted here against another counter, and at every edge by hand."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from dispatch.rules.segments import BASIC, EXTENDED, GSM_7, UCS_2, Segments, count, fits

GSM = st.sampled_from(sorted(BASIC | EXTENDED))
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\x1b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(GSM_7, 0, 1)),
        ("a" * 160, Segments(GSM_7, 160, 1)),
        ("a" * 161, Segments(GSM_7, 161, 2)),
        ("a" * 306, Segments(GSM_7, 306, 2)),
        ("a" * 307, Segments(GSM_7, 307, 3)),
        ("€" * 80, Segments(GSM_7, 160, 1)),
        ("€" * 81, Segments(GSM_7, 162, 2)),
        ("a" * 152 + "€" + "a" * 10, Segments(GSM_7, 164, 2)),
        # The escape would be the 153rd septet, so both go over: 152 + 153 leave one letter.
        ("a" * 152 + "€" + "a" * 151, Segments(GSM_7, 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments(GSM_7, 306, 3)),
        ("я" * 70, Segments(UCS_2, 70, 1)),
        ("я" * 71, Segments(UCS_2, 71, 2)),
        ("я" * 134, Segments(UCS_2, 134, 2)),
        ("я" * 135, Segments(UCS_2, 135, 3)),
        ("😀" * 35, Segments(UCS_2, 70, 1)),
        ("😀" * 36, Segments(UCS_2, 72, 2)),
        ("я" * 66 + "😀" + "я" * 66, Segments(UCS_2, 134, 3)),
        ("نعم", Segments(UCS_2, 3, 1)),
        ("接受", Segments(UCS_2, 2, 1)),
    ],
)
def test_segments_at_the_edges(text: str, expected: Segments) -> None:
    assert count(text) == expected


@pytest.mark.parametrize("letter", "éèàùñäöüÄÖÜßÇ¿¡£¥€")
def test_letters_that_stay_in_the_short_alphabet(letter: str) -> None:
    assert count(letter).encoding == GSM_7


@pytest.mark.parametrize("letter", "êçáíóúâîôûœ’“”–…«»ÀÈ\u00a0\t\x1b")
def test_letters_that_cost_the_short_alphabet(letter: str) -> None:
    assert count(letter).encoding == UCS_2


@given(st.text(GSM, max_size=500) | st.text(ANY, max_size=300) | st.text(GSM | ANY, max_size=200))
def test_another_counter_agrees(text: str) -> None:
    theirs, ours = smsutil.split(text), count(text)
    assert ours.segments == len(theirs.parts)
    if text:  # for nothing at all it names the long alphabet
        assert (ours.encoding == GSM_7) == (theirs.encoding == "gsm0338")
        assert ours.units == theirs.total_bytes // (1 if ours.encoding == GSM_7 else 2)


@given(st.text(max_size=400), st.integers(1, 5))
def test_what_fits_fits(text: str, segments: int) -> None:
    assert fits(text, segments) == (count(text).segments <= segments)


def test_two_segments_are_the_most_unless_said() -> None:
    assert fits("я" * 134)
    assert not fits("я" * 135)
