"""Facts about the open transaction that no row tells yet: forgotten when it ends.

Back to a savepoint, what was noted after it is forgotten, too. Knows nothing of what they mean.
"""

from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.db import savepoint_of

FACTS, MARKS = "facts", "facts_marks"  # the facts in their order, and how many a savepoint found
Kind = TypeVar("Kind")


def note(session: Session, fact: object) -> None:
    """From now on until its end, `fact`, which can be hashed, is true of the transaction."""
    session.info.setdefault(FACTS, {})[fact] = None


def is_noted(session: Session, fact: object) -> bool:
    """Whether `fact` is true of the transaction of `session`."""
    return fact in session.info.get(FACTS, {})


def noted(session: Session, kind: type[Kind]) -> list[Kind]:
    """The facts of one kind, in the order in which they were noted."""
    return [fact for fact in session.info.get(FACTS, {}) if isinstance(fact, kind)]


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks = session.info.setdefault(MARKS, WeakKeyDictionary())
        marks[transaction] = len(session.info.get(FACTS, {}))


@event.listens_for(Session, "after_soft_rollback")
def _go_back(session: Session, transaction: SessionTransaction) -> None:
    savepoint = savepoint_of(transaction)  # which has ended already, unless a flush failed in it
    known = session.info.get(FACTS, {})
    kept = 0 if savepoint is None else session.info[MARKS][savepoint]
    while len(known) > kept:
        known.popitem()


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(FACTS, None)
