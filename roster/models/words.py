"""The words by which somebody is found, folded and indexed. Kept by whatever changes a name."""

import re
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.spelling import fold
from roster.models.experts import Expert

LONGEST = 60
TOLD = ("name", "email", "base", "phone")
APART = re.compile(r"[@._+\-]")


class ExpertWord(Base):
    """One word of somebody's name, e-mail address or place, as `core.spelling.fold` has it.

    Their phone is a word, too: its digits with the country code.
    """

    __tablename__ = "expert_word"
    __table_args__ = (Index("ix_expert_word_expert", "expert_id"),)

    # Compared byte by byte on both databases, so that the words with one beginning are one range.
    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"),
        primary_key=True,
    )
    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )


def words_of(text: str) -> set[str]:
    """The words of `text` by which it is found: `Zoë@office.test` gives zoe, office, test."""
    return {word[:LONGEST] for word in fold(APART.sub(" ", text)).split()}


def words_about(name: str, email: str, base: str, phone: str) -> set[str]:
    """The words by which somebody is found; `phone` is E.164, or else none."""
    digits = {phone[1:]} if phone.startswith("+") else set()
    return words_of(f"{name} {email} {base}") | digits


@event.listens_for(Expert, "after_insert")
def _write(_mapper: Any, connection: Connection, expert: Expert) -> None:
    words = words_about(expert.name, expert.email, expert.base or "", expert.phone)
    rows = [{"word": word, "expert_id": expert.id} for word in sorted(words)]
    if rows:
        connection.execute(insert(ExpertWord), rows)


@event.listens_for(Expert, "after_update")
def _write_anew(mapper: Any, connection: Connection, expert: Expert) -> None:
    attributes = inspect(expert).attrs  # made anew each time it is asked for
    if any(attributes[name].history.has_changes() for name in TOLD):
        connection.execute(delete(ExpertWord).where(ExpertWord.expert_id == expert.id))
        _write(mapper, connection, expert)
