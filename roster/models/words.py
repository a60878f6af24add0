"""The words by which somebody is found, folded and indexed. Kept by whatever changes a name."""

import re
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.spelling import fold
from roster.models.experts import Expert

LONGEST = 60
APART = re.compile(r"[@._+\-]")


class ExpertWord(Base):
    """One word of somebody's name or e-mail address, as `core.spelling.fold` has it."""

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


@event.listens_for(Expert, "after_insert")
def _write(_mapper: Any, connection: Connection, expert: Expert) -> None:
    rows = [
        {"word": word, "expert_id": expert.id}
        for word in sorted(words_of(f"{expert.name} {expert.email}"))
    ]
    if rows:
        connection.execute(insert(ExpertWord), rows)


@event.listens_for(Expert, "after_update")
def _write_anew(mapper: Any, connection: Connection, expert: Expert) -> None:
    state = inspect(expert)
    if any(state.attrs[name].history.has_changes() for name in ("name", "email")):
        connection.execute(delete(ExpertWord).where(ExpertWord.expert_id == expert.id))
        _write(mapper, connection, expert)
