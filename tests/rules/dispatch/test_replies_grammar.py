"""The grammar of replies from both ends: all that it makes is understood, and nothing else."""

import re
import unicodedata
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.rules.replies import Reply, parse
from dispatch.rules.terms import CODE_LETTERS
from dispatch.rules.vocabulary import ACCEPT, DECLINE, WORDS

KINDS = (ACCEPT, DECLINE)
BY_WORD = {w: kind for spoken in WORDS.values() for kind in KINDS for w in spoken[kind]}
BY_ANSWER = BY_WORD | {"1": ACCEPT, "2": DECLINE}
MIXED = re.compile(r"(?=.*[2-9])(?=.*[A-HJ-NP-Z])[A-HJ-NP-Z2-9]{4}")

CODES = st.text(CODE_LETTERS, min_size=4, max_size=4).filter(lambda c: bool(MIXED.fullmatch(c)))
MARKS = st.sampled_from([" ", "  ", "\n", ", ", ": ", "-", " - ", "،", ". ", "\u00a0", "："])
ENDS = st.sampled_from(["", ".", "!", "!!", "。", " ", "\n", "\u200f", " ."])
ANSWERS = st.sampled_from(sorted(BY_ANSWER))
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"]
SPELLINGS: list[Callable[[str], str]] = [str, str.upper, str.title]
ORDINARY = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)
SCRAPS = st.lists(
    ANSWERS | CODES | st.sampled_from(
        ["1", "2", " ", "k7q2", "if", "but", "?", "not", "не", "но", "mais", "pero", "لكن", "但",
         "or", ",", ".", "!", "\n", "yes", "stop", "0", "O", "-", "\u200f", "١", "1 K7Q2"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip
ANYTHING = ORDINARY | SCRAPS | st.lists(ANSWERS | CODES | MARKS, max_size=4).map("".join)


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, and every sign that stands for something: ?, emoji, …"""
    folded = unicodedata.normalize("NFKC", text).casefold()
    digits = "".join(str(unicodedata.digit(c, -1)) if c.isdigit() else c for c in folded)
    return re.findall(r"\w+|[^\w\s.,!:،。–\-'’\u200f]", digits)


PHRASES = {tuple(tokens(answer)): kind for answer, kind in BY_ANSWER.items()}


def may_be_an_answer(text: str, kind: str) -> bool:
    """An independent, laxer reading: nothing but an answer of that kind and at most one code."""
    words = tokens(text)
    if PHRASES.get(tuple(words)) == kind:
        return True
    if len(words) == 1:  # glued: 1K7Q2, 接受K7Q2
        words = [words[0][:-4], words[0][-4:]]
    for code, rest in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        if code and MIXED.fullmatch(code[0].upper()) and PHRASES.get(tuple(rest)) == kind:
            return True
    return False


@st.composite
def spelt(draw: st.DrawFn, words: st.SearchStrategy[str]) -> tuple[str, str]:
    """One of `words`, and the same in other cases and other digits."""
    word = draw(words)
    digits = str.maketrans(DIGITS[0], draw(st.sampled_from(DIGITS)))
    return word, draw(st.sampled_from(SPELLINGS))(word).translate(digits)


@given(answer=spelt(ANSWERS), end=ENDS)
def test_a_bare_answer_is_understood_however_it_is_spelt(answer: tuple[str, str], end: str) -> None:
    assert parse(answer[1] + end) == Reply(BY_ANSWER[answer[0]])


@given(answer=spelt(ANSWERS), code=spelt(CODES), mark=MARKS, end=ENDS)
def test_an_answer_with_a_code_is_understood_in_either_order(
    answer: tuple[str, str], code: tuple[str, str], mark: str, end: str
) -> None:
    expected = Reply(BY_ANSWER[answer[0]], code[0])
    assert parse(answer[1] + mark + code[1] + end) == expected
    assert parse(code[1] + mark + answer[1] + end) == expected


@given(text=st.text(max_size=200) | ANYTHING)
@settings(max_examples=300)
def test_nothing_is_ever_raised(text: str) -> None:
    parse(text)


@given(text=ANYTHING)
@settings(max_examples=400)
def test_only_what_is_all_answer_is_an_answer(text: str) -> None:
    reply = parse(text)
    if reply.kind in KINDS:
        assert may_be_an_answer(text, reply.kind)


@given(before=ANYTHING, answer=ANSWERS, code=CODES, after=ANYTHING)
@settings(max_examples=400)
def test_text_around_an_answer_makes_it_unclear_unless_it_says_nothing(
    before: str, answer: str, code: str, after: str
) -> None:
    text = f"{before} {answer} {code} {after}"
    reply = parse(text)
    if reply.kind in KINDS:
        assert may_be_an_answer(text, reply.kind)
        assert reply.code == code


@given(code=CODES, at=st.integers(0, 3), other=st.characters(exclude_categories=["Cs"]))
@settings(max_examples=300)
def test_a_code_with_a_foreign_letter_is_not_that_code(code: str, at: int, other: str) -> None:
    forged = code[:at] + other + code[at + 1 :]
    folded = unicodedata.normalize("NFKC", other).casefold()
    if parse(f"1 {forged}").code == code:
        assert folded == code[at].casefold() or unicodedata.digit(other, -1) == int(code[at])
