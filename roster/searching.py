"""Finding people by the beginnings of what they are known by, in the time of an index."""

import re

from sqlalchemy import ColumnElement, Select, and_, select, true

from roster.models import Expert
from roster.models.words import ExpertWord, words_of

MOST_WORDS = 6
PHONE = re.compile(r"(\+|00)[0-9 ()./-]+|[0-9][0-9 ()./-]{5,}")
LAST = "\U0010ffff"  # after every word with the same beginning


def found_by(text: str) -> ColumnElement[bool]:
    """Whether each word of `text` begins a word of the expert's name, e-mail address or place.

    Case, accents and punctuation do not matter. A phone is found by how it begins, with its country
    code, however it is spaced. A text without any word finds everybody.
    """
    words = sorted(_words(text), key=len, reverse=True)[:MOST_WORDS]
    return and_(true(), *(Expert.id.in_(_with(word)) for word in words))


def _words(text: str) -> set[str]:
    if not PHONE.fullmatch(text.strip()):
        return words_of(text)
    return {re.sub(r"[^0-9]", "", text).removeprefix("00")} - {""}


def _with(word: str) -> Select[int]:
    return select(ExpertWord.expert_id).where(
        ExpertWord.word >= word, ExpertWord.word < word + LAST
    )
