"""Takes a person out of texts and JSON that are about something else, and out of the audit.

Knows no table of a person: it is handed the words by which they are known.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, cast, null, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.audit import AuditRow
from core.mail import Mail

BLANK = "…"
SHORTEST = 3  # characters; less than that is in too many words to be searched for


@dataclass(frozen=True)
class Traces:
    """By what a person is known: words of their own, and ids under which rows are about them."""

    words: tuple[str, ...]
    ids: tuple[str, ...] = ()
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = sorted(self.searchable, key=len, reverse=True)
        either = "|".join(re.escape(word) for word in known) or r"(?!)"
        pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
        object.__setattr__(self, "_pattern", pattern)

    @property
    def searchable(self) -> tuple[str, ...]:
        """The words that are long enough to mean this person."""
        return tuple(word for word in self.words if len(word) >= SHORTEST)

    def blanked(self, text: str) -> str:
        """`text` with a sign in place of each of the words."""
        return self._pattern.sub(BLANK, text)

    def blanked_in(self, value: Any) -> Any:
        """The same for every text inside a JSON value; keys are names of ours."""
        if isinstance(value, str):
            return self.blanked(value)
        if isinstance(value, dict):
            return {key: self.blanked_in(inner) for key, inner in value.items()}
        return [self.blanked_in(inner) for inner in value] if isinstance(value, list) else value

    def are_in(self, value: Any) -> bool:
        """Whether a text, or anything inside a JSON value, has one of the words or ids."""
        return any(
            text in self.ids or self._pattern.search(text) is not None for text in _texts(value)
        )

    def in_column(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """The condition that the text or JSON in `column` may have one of the words or ids.

        It finds too much rather than too little: who changes a row looks again with `are_in`.
        """
        spelled = {spelling for word in (*self.searchable, *self.ids) for spelling in _spell(word)}
        stored = cast(column, String)
        return or_(*(stored.icontains(word, autoescape=True) for word in sorted(spelled)))


def empty_audit(session: Session, traces: Traces, subjects: Collection[str] = ()) -> None:
    """Empties salt and payload of every row about `subjects`, or in whose payload a trace is.

    The chain still holds: it is over digests (core.audit).
    """
    about = AuditRow.subject.in_(subjects)
    named = select(AuditRow.id, AuditRow.payload).where(traces.in_column(AuditRow.payload))
    found = [row.id for row in session.execute(named) if traces.are_in(row.payload)]
    for condition in (about, AuditRow.id.in_(found)):
        emptied = update(AuditRow).where(condition, AuditRow.salt.is_not(None))
        session.execute(emptied.values(salt=None, payload=null()))


def empty_mails(session: Session, traces: Traces, also_to: Collection[str] = ()) -> None:
    """Removes the mails to the person, and takes them out of those that are about them.

    Gone are also mails about them that have left, and those to the addresses `also_to`.
    """
    places = (Mail.to, Mail.subject, Mail.body)
    for mail in session.scalars(select(Mail).where(or_(*map(traces.in_column, places)))):
        over = mail.sent_at is not None or mail.given_up_at is not None
        if over or mail.to in also_to or traces.are_in(mail.to):
            session.delete(mail)
        else:
            mail.subject, mail.body = traces.blanked(mail.subject), traces.blanked(mail.body)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _spell(word: str) -> set[str]:
    """As it is, and as JSON is stored: in ASCII."""
    return {word, json.dumps(word)[1:-1]}
