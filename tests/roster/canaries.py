"""Finds every row that hangs on one person, writes a word of its own into each of their texts, and
looks for such words afterwards: in every table, every file and every line.

Which columns hold no words of a person is said here, once; all others are planted, also new ones.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Row, String, Table, and_, select, update
from sqlalchemy.orm import Session

from core.db import Base

MARK = "zq9x"
# Words from lists of ours, ids and digests: nobody writes into these columns.
OURS = frozenset({
    "public_id", "language", "status", "status_before", "state", "kind", "channel", "purpose",
    "stage", "result", "way", "verdict", "media_type", "stored_as", "skill", "region",
    "provider_sid", "sid", "outcome", "recipient", "scope", "code", "fs_uniquifier", "mission",
    "what", "about", "key", "digest",
})  # fmt: skip
OURS_IN = frozenset({
    "vetting_step.subject",  # the code of a skill
    "evaluation.by",  # who evaluated, by public id
    "expert.country", "expert.time_zone", "expert.phone", "expert.email", "expert.name",
    "user_account.email",  # planted by the story itself, since rows are found by them
    "open_session.browser", "open_session.system",  # words of a list
    "incident.kind", "application.email", "nomination.email", "phone_proof.phone",
    "mail.to", "attempt.to", "inbound_message.sender",
    "reference.email", "second_factor.secret", "second_factor.salt", "bulk_change.wanted",
    "bulk_change.differences", "bulk_change.refused",
})  # fmt: skip
# Written once and never changed: the story plants these itself, and we look that it did.
UNCHANGEABLE = frozenset({"vetting_step", "audit_row"})
# Found by the words in them, not by a key: the story makes them.
APART = frozenset({"audit_row", "mail", "bulk_change", "decision", "nomination"})
Found = dict[str, list[Row[Any]]]


def rows_of(session: Session, starts: Iterable[tuple[str, Any]]) -> Found:
    """The rows with these (table, id), and all rows that refer to one that is found."""
    tables = Base.metadata.tables
    found: Found = {}
    fresh = [(name, _get(session, tables[name], key)) for name, key in starts]
    while fresh:
        name, row = fresh.pop()
        if row in found.setdefault(name, []):
            continue
        found[name].append(row)
        for table in tables.values():
            for link in table.foreign_key_constraints:
                if link.referred_table.name == name:
                    fresh += [(table.name, one) for one in _referring(session, table, link, row)]
    return found


def plant(session: Session, found: Found) -> list[str]:
    """Writes a word into every text of every row; returns the columns that were planted."""
    numbers, planted = count(), []
    for name, rows in found.items():
        table = Base.metadata.tables[name]
        columns = list(texts_of(table))
        planted += [f"{name}.{column.name}" for column in columns]
        if name in UNCHANGEABLE:
            for column in columns:
                assert any(MARK in str(getattr(row, column.name)) for row in rows), column
            continue
        for row in rows:
            values = {column.name: _word(column, row, next(numbers)) for column in columns}
            if values:
                session.execute(update(table).where(_same(table, row)).values(values))
    return planted


def texts_of(table: Table) -> Iterator[Column[Any]]:
    """The columns of `table` in which somebody's words may stand."""
    for column in table.columns:
        ours = column.name in OURS or f"{table.name}.{column.name}" in OURS_IN
        is_text = isinstance(column.type, String | JSON)
        if is_text and not ours and not column.foreign_keys and not column.primary_key:
            yield column


def traces(session: Session, words: Iterable[str]) -> list[str]:
    """Where one of `words` still stands: table, and the row as it is."""
    folded = [word.casefold() for word in words]
    return [
        f"{table.name}: {row}"
        for table in Base.metadata.sorted_tables
        if table.name not in {"place", "place_name"}
        for row in session.execute(select(table))
        if any(word in repr(tuple(row)).casefold() for word in folded)
    ]


def _word(column: Column[Any], row: Row[Any], number: int) -> Any:
    word = f"{MARK}{number:04d}"
    if isinstance(column.type, JSON):
        present = getattr(row, column.name)
        return [{"said": word}] if isinstance(present, list) else {"said": word}
    longest = getattr(column.type, "length", None)
    assert longest is None or longest >= len(word), f"{column} is too short: say that it is ours"
    return word


def _get(session: Session, table: Table, key: Any) -> Row[Any]:
    return session.execute(select(table).where(table.c.id == key)).one()


def _referring(
    session: Session, table: Table, link: ForeignKeyConstraint, row: Row[Any]
) -> Iterable[Row[Any]]:
    pairs = [(part.parent, getattr(row, part.column.name)) for part in link.elements]
    return session.execute(
        select(table).where(and_(*(column == value for column, value in pairs)))
    ).all()


def _same(table: Table, row: Row[Any]) -> Any:
    return and_(*(column == getattr(row, column.name) for column in table.primary_key))
