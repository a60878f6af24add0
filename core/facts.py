"""Facts about the open transaction that no row tells: forgotten when it ends.

Back to a savepoint, what was noted after it is forgotten, too. Knows nothing of what they mean.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.db import savepoint_of

FACTS, BEFORE = "facts", "facts_before"
NONE: frozenset[object] = frozenset()


def note(session: Session, fact: object) -> None:
    """From now on until its end, `fact` is true of the transaction of `session`."""
    session.info[FACTS] = session.info.get(FACTS, NONE) | {fact}


def is_noted(session: Session, fact: object) -> bool:
    """Whether `fact` is true of the transaction of `session`."""
    return fact in session.info.get(FACTS, NONE)


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        known = session.info.setdefault(BEFORE, WeakKeyDictionary())
        known[transaction] = session.info.get(FACTS, NONE)


@event.listens_for(Session, "after_soft_rollback")
def _go_back(session: Session, transaction: SessionTransaction) -> None:
    savepoint = savepoint_of(transaction)  # which has ended already, unless a flush failed in it
    session.info[FACTS] = NONE if savepoint is None else session.info[BEFORE][savepoint]


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(FACTS, None)
