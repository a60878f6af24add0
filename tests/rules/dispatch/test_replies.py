"""Hundreds of texts as people and phones send them, and what each of them may be taken for."""

import re
from datetime import date
from pathlib import Path

import pytest

from dispatch.rules.replies import ANSWERS, CLOSINGS, SINGLES, Reply, back_on, parse
from dispatch.rules.vocabulary import AWAY, CARRIERS, CRISIS, WORDS, words_of

SAID = Path(__file__).parent / "said"
ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|([nrt]))")
CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
WITH_CODE = ("accept", "decline", "done", "withdraw")


def plain(text: str) -> str:
    """`text` with \\u200f, \\n and their like made what they stand for."""
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else CONTROLS[m[2]], text)


def read_said(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ::", 1) for line in lines if line and not line.startswith("#")]
    return [(expected, text.removeprefix(" ")) for expected, text in pairs]


def reply_of(expected: str) -> Reply:
    """`accept K7Q2`, `away 14`, `crisis fire`, `unclear` as a reply."""
    kind, _, rest = expected.partition(" ")
    if kind in WITH_CODE:
        return Reply(kind, rest or None)
    return Reply(kind, argument=plain(rest))


CASES = [(*pair, path.stem) for path in sorted(SAID.glob("*.txt")) for pair in read_said(path)]


@pytest.mark.parametrize(("expected", "text", "where"), CASES)
def test_a_text_says_what_it_says_and_nothing_is_guessed(
    expected: str, text: str, where: str
) -> None:
    assert parse(plain(text)) == reply_of(expected)


def test_there_are_texts_in_six_languages_and_most_are_no_answers() -> None:
    assert {path.stem for path in SAID.glob("*.txt")} == {*WORDS, "general"}
    assert len(CASES) > 800
    assert len(set(CASES)) == len(CASES), "a text stands there twice"
    unclear = [text for expected, text, _ in CASES if expected == "unclear"]
    assert len(unclear) > len(CASES) / 2


def test_no_word_means_two_things() -> None:
    seen: dict[str, str] = {}
    for spoken in WORDS.values():
        for kind, words in spoken.items():
            for word in words:
                assert seen.setdefault(word, kind) == kind, word
    carriers = {word for words in CARRIERS.values() for word in words}
    assert not carriers & {word.partition(" ")[0] for word in seen}
    assert not set(SINGLES) & set(ANSWERS)


def test_the_vocabulary_is_written_as_it_is_compared() -> None:
    """So each word, and each in capitals, is understood as itself."""
    for word, kind in (ANSWERS | SINGLES).items():
        assert parse(word) == parse(word.upper()) == Reply(kind)
    for word, kind in (ANSWERS | CLOSINGS).items():
        assert parse(f"{word} K7Q2") == parse(f"{word.upper()} k7q2") == Reply(kind, "K7Q2")
    for word in words_of(AWAY):
        assert parse(f"{word} 14") == Reply(AWAY, argument="14")
    for word in words_of(CRISIS):
        assert parse(f"{word.upper()} fire") == Reply(CRISIS, argument="fire")


def test_every_language_has_every_kind_of_word() -> None:
    kinds = set(WORDS["en"])
    assert all(set(spoken) == kinds for spoken in WORDS.values())
    assert set(WORDS) == {"ar", "zh", "en", "fr", "ru", "es"}


@pytest.mark.parametrize(
    ("argument", "day"),
    [
        ("14", date(2026, 12, 6)),
        ("1", date(2026, 11, 23)),
        ("2027-01-15", date(2027, 1, 15)),
        ("2026-11-22", None),
        ("2026-11-01", None),
        ("0", None),
        ("", None),
        ("soon", None),
        ("2027-02-30", None),
        ("99999999999", None),
    ],
)
def test_the_day_on_which_somebody_is_back(argument: str, day: date | None) -> None:
    assert back_on(argument, date(2026, 11, 22)) == day
