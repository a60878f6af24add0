"""Codes that can be read aloud, are never a word, and are never given twice."""

import random

import pytest

from dispatch.rules.codes import NoCodeLeftError, is_code, new_code
from dispatch.rules.terms import CODE_LETTERS


def test_codes_use_the_letters_that_are_not_mistaken_for_others() -> None:
    assert set(CODE_LETTERS) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") - set("IO01")


def test_a_thousand_codes_are_all_different_and_none_is_a_word_or_a_number() -> None:
    dice = random.Random(5)
    codes: set[str] = set()
    for _ in range(1000):
        codes.add(new_code(dice.choice, codes))
    assert len(codes) == 1000
    for code in codes:
        assert is_code(code)
        assert any(letter.isdigit() for letter in code)
        assert any(letter.isalpha() for letter in code)


def test_a_code_that_is_taken_is_not_given_again() -> None:
    letters = iter("K7Q2K7Q2M8R3")
    assert new_code(lambda _: next(letters), {"K7Q2"}) == "M8R3"


def test_a_word_that_comes_up_is_passed_over() -> None:
    letters = iter("AWAYBACK2345K7Q2")
    assert new_code(lambda _: next(letters), ()) == "K7Q2"


def test_it_says_so_when_no_code_is_left() -> None:
    with pytest.raises(NoCodeLeftError):
        new_code(lambda _: "A", ())


@pytest.mark.parametrize(
    "text", ["", "K7Q", "K7Q22", "K7O2", "K7I2", "K7Q0", "K7Q1", "k7q2", "ABCD", "2345", "К7Q2"]
)
def test_what_is_not_a_code(text: str) -> None:
    assert not is_code(text)
