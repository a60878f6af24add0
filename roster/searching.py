"""Finding people by the beginnings of words of their name or address, in the time of an index."""

from sqlalchemy import ColumnElement, Select, and_, select, true

from roster.models import Expert
from roster.models.words import ExpertWord, words_of

MOST_WORDS = 6
LAST = "\U0010ffff"  # after every word with the same beginning


def found_by(text: str) -> ColumnElement[bool]:
    """Whether each word of `text` begins a word of the expert's name or e-mail address.

    Case, accents and punctuation do not matter. A text without any word finds everybody.
    """
    words = sorted(words_of(text), key=len, reverse=True)[:MOST_WORDS]
    return and_(true(), *(Expert.id.in_(_with(word)) for word in words))


def _with(word: str) -> Select[int]:
    return select(ExpertWord.expert_id).where(
        ExpertWord.word >= word, ExpertWord.word < word + LAST
    )
