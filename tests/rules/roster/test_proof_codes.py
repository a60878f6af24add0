"""The code that proves a phone is read however it is typed, and no other text is taken for one."""

import random

import pytest

from dispatch.rules.vocabulary import CARRIERS, WORDS
from roster.rules.proof_codes import LENGTH, is_code, names_code, new_code, read_code

SPOKEN = [word for words in WORDS.values() for kinds in words.values() for word in kinds]
CARRIED = [word for words in CARRIERS.values() for word in words]


def test_codes_mix_letters_and_digits_and_are_never_given_twice() -> None:
    dice = random.Random(7)
    taken: set[str] = set()
    for _ in range(300):
        code = new_code(dice.choice, taken)
        assert is_code(code)
        assert len(code) == LENGTH
        assert not code.isalpha()
        assert not code.isdigit()
        taken.add(code)
    assert len(taken) == 300


@pytest.mark.parametrize(
    "text",
    ["K7Q2XA", " k7q2xa ", "K7Q2XA.", "K7Q 2XA", "«K7Q2XA»", "Ｋ７Ｑ２ＸＡ", "\u200fK٧Q٢XA\u200f"],
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    assert read_code(text) == "K7Q2XA"


@pytest.mark.parametrize(
    "text", ["", "K7Q2X", "K7Q2XAB", "K7Q2XO", "123456", "ABCDEF", "the code is K7Q2XA", "К7Q2XA"]
)
def test_nothing_else_is_a_code(text: str) -> None:
    assert read_code(text) == ""


def test_an_awaited_code_is_found_among_words_and_only_as_a_word() -> None:
    for text in ("Yes K7Q2XA", "oui, k7q2xa.", "code: K٧Q٢XA, merci", "K7Q2XA"):
        assert names_code(text, "K7Q2XA"), text
    for text in ("", "yes", "K7Q2XAB", "yes K7Q2", "yesK7Q2XA"):
        assert not names_code(text, "K7Q2XA"), text


def test_no_word_and_no_answer_to_an_offer_is_taken_for_a_code() -> None:
    for word in [*SPOKEN, *CARRIED, "1", "2"]:
        for text in (word, f"{word} K7Q2", f"{word}K7Q2", f"K7Q2 {word}", f"{word} 15"):
            assert read_code(text) == "", text
