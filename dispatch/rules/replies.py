"""What a text from an expert or an office says, by an exact grammar; nothing is guessed.

Knows no offer and no sender: whether a code is theirs, or a bare answer has one live offer, is for
dispatch.answers. The grammar, on a text after NFKC and case folding, without direction marks, with
Arabic-Indic and fullwidth digits read as digits, and with at most `.`, `。` or `!` at its end:

    answer   = "1" | "2" | a word of the vocabulary that accepts or declines
    reply    = answer | answer mark code | code mark answer
    mark     = spaces, with at most one of , ، . 。 : - – among them; it may be left out between
               "1", "2" or a Chinese word and its code (`1K7Q2`), never after a code
    code     = four of A-H J-N P-Z 2-9, letters and digits mixed
    away     = AWAY days [a word for days] | AWAY yyyy-mm-dd
    closing  = DONE code | WITHDRAW code
    single   = BACK | STATUS | ? | one of the carriers' words, which are never answers to us
    filing   = CRISIS, then anything

Everything else is unclear: conditions, negations, both answers, automatic replies, quotes of our
own text, letters that only look like those of a code (O for 0, I for 1, Cyrillic К for K).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dispatch.rules.codes import is_code
from dispatch.rules.vocabulary import (
    ACCEPT,
    AWAY,
    BACK,
    CARRIERS,
    CRISIS,
    DAYS,
    DECLINE,
    DONE,
    HELP,
    STATUS,
    UNCLEAR,
    WITHDRAW,
    WORDS,
    words_of,
)

LONGEST_AWAY_DAYS = 366


@dataclass(frozen=True)
class Reply:
    """What was said. `code` in capitals where one was given (always for done and withdraw);
    `argument` holds the days or the date of `away`, and the text that follows CRISIS."""

    kind: str
    code: str | None = None
    argument: str = ""


def _any(words: Iterable[str]) -> str:
    """A pattern for any of `words`, longest first, so that none is cut short by another."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _kinds(*kinds: str) -> dict[str, str]:
    return {word: kind for kind in kinds for word in words_of(kind)}


ANSWERS = {"1": ACCEPT, "2": DECLINE} | _kinds(ACCEPT, DECLINE)
CLOSINGS = _kinds(DONE, WITHDRAW)
SINGLES = (
    {word: kind for kind, words in CARRIERS.items() for word in words}
    | _kinds(BACK, STATUS)
    | {"?": HELP, "؟": HELP}
)

# Direction marks and a byte order mark, which phones put in by themselves, are not part of a text.
_INVISIBLE = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)
_DIGITS = {zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)}
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´"), "'")

_ENDING = re.compile(r"(?<=\w) ?(?:[.。]|!{1,3})$")
_MARK = r"(?: ?[,،.。:–-] ?| )"
_CODE = r"(?P<code>[a-z2-9]{4})"
_HAN_END = r"(?<=[\u3400-\u9fff])"
_ANSWER_CODE = re.compile(rf"(?P<word>{_any(ANSWERS)})(?:{_MARK}|(?<=^[12])|{_HAN_END}){_CODE}")
_CODE_ANSWER = re.compile(rf"{_CODE}{_MARK}(?P<word>{_any(ANSWERS)})")
_CLOSING = re.compile(rf"(?P<word>{_any(CLOSINGS)})(?:{_MARK}|{_HAN_END}){_CODE}")
_AWAY = re.compile(
    rf"(?:{_any(words_of(AWAY))})(?: |{_HAN_END})"
    rf"(?:(?P<days>\d{{1,3}})(?: ?(?:{_any(DAYS)}))?|(?P<date>\d{{4}}-\d\d-\d\d))",
    re.ASCII,
)
_GLUED = WORDS["zh"][CRISIS]  # written without a space before what follows
_SPACED = [word for word in words_of(CRISIS) if word not in _GLUED]
_FILING = re.compile(
    rf"\s*(?:(?:{_any(_SPACED)})(?!\w)|{_any(_GLUED)})[\s:：,，،.–-]*", re.IGNORECASE
)


def parse(text: str) -> Reply:
    """What `text` says; never raises. See the module for the grammar."""
    shown = text.translate(_INVISIBLE | _APOSTROPHES)
    plain = unicodedata.normalize("NFKC", shown)
    if filing := _FILING.match(shown) or _FILING.match(plain):
        return Reply(CRISIS, argument=filing.string[filing.end() :].strip())
    said = _fold(plain)
    if kind := ANSWERS.get(said) or SINGLES.get(said):
        return Reply(kind)
    return _with_code(said) or _away(said) or Reply(UNCLEAR)


def back_on(argument: str, today: date) -> date | None:
    """The day on which somebody who sent AWAY is back: so many days from `today`, or the date
    itself; None when that is not in the future or no date at all."""
    try:
        if "-" in argument:
            day = date.fromisoformat(argument)
        else:
            day = today + timedelta(days=int(argument))
    except (ValueError, OverflowError):
        return None
    return day if day > today else None


def _fold(plain: str) -> str:
    """As the vocabulary is written: folded, with plain digits and single spaces."""
    folded = unicodedata.normalize("NFKC", plain.casefold())
    said = " ".join(folded.translate(_DIGITS).split())
    return _ENDING.sub("", said)


def _with_code(said: str) -> Reply | None:
    for pattern, kinds in (
        (_ANSWER_CODE, ANSWERS),
        (_CODE_ANSWER, ANSWERS),
        (_CLOSING, CLOSINGS),
    ):
        if (found := pattern.fullmatch(said)) and is_code(found["code"].upper()):
            return Reply(kinds[found["word"]], found["code"].upper())
    return None


def _away(said: str) -> Reply | None:
    if not (found := _AWAY.fullmatch(said)):
        return None
    if found["days"]:
        days = int(found["days"])
        return Reply(AWAY, argument=str(days)) if 1 <= days <= LONGEST_AWAY_DAYS else None
    return Reply(AWAY, argument=found["date"]) if _is_date(found["date"]) else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
