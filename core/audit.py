"""The append-only record of who did what: written in the transaction of the change, hash-chained.

Each row's hash covers the row before it and a salted digest of its payload, so that a person can be
erased (salt and payload are emptied) and the chain still verifies.
"""

import hashlib
import json
import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, event, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, UTCDateTime
from core.facts import note, noted

LOCK = 0x1AD17  # one advisory lock for the whole chain; any constant would do
START = "0" * 64


class AuditRow(Base):
    """One thing that was done. `payload` and `salt` are empty once the person was erased."""

    __tablename__ = "audit_row"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(eq=False)
class Link:
    """A row to be, noted until the commit: it has its number and its hash when it is chained."""

    at: datetime
    actor: str
    action: str
    subject: str
    salt: str
    payload: dict[str, Any]
    digest: str
    id: int = 0
    hash: str = ""


APPEND = insert(AuditRow)
LAST = select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
TAKE_TURN = text("SELECT pg_advisory_xact_lock(:lock)")


@dataclass(frozen=True)
class Fault:
    """The first row of the chain that does not hold, and why."""

    row: int
    why: str


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    **payload: Any,
) -> None:
    """Notes that `actor` did `action` to `subject`, to be chained just before the commit.

    `actor` is a public id, or `system`; `subject` is `kind:public id`, such as `expert:abc`.
    `payload` is JSON: what changed. It may name people, since it can be erased.
    """
    salt = secrets.token_hex(16)
    note(session, Link(now, actor, action, subject, salt, payload, digest_of(salt, payload)))


def digest_of(salt: str, payload: dict[str, Any]) -> str:
    """SHA-256 of the salt and the payload's canonical JSON, in hexadecimal."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def hash_of(row: AuditRow | Link, previous: str) -> str:
    """SHA-256 over the previous hash and all of `row` that is never erased."""
    at = row.at.isoformat(timespec="microseconds")
    parts = (previous, str(row.id), at, row.actor, row.action, row.subject, row.digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def verify(session: Session) -> Fault | None:
    """Walks the whole chain; None when every row holds."""
    previous, expected = START, 1
    everything = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)
    with closing(session.scalars(everything)) as rows:
        for row in rows:
            if why := _fault_of(row, previous, expected):
                return Fault(min(row.id, expected), why)
            previous, expected = row.hash, expected + 1
    return None


def _fault_of(row: AuditRow, previous: str, expected: int) -> str:
    if row.id != expected:
        return "is missing"
    if row.salt is None and row.payload is not None:
        return "has a payload without its salt"
    if row.salt is not None and row.digest != digest_of(row.salt, row.payload or {}):
        return "has a payload that was changed"
    if row.hash != hash_of(row, previous):
        return "does not follow from the row before it"
    return ""


@event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    # Last before the commit and under one lock: whoever holds it waits for nothing else, so the
    # chain neither deadlocks nor holds others up. SQLite's writer already holds its only lock.
    if session.in_nested_transaction():
        return  # only a savepoint is let go
    pending = noted(session, Link)
    if not pending:
        return
    session.flush()
    chain = session.connection()
    if chain.dialect.name == "postgresql":
        chain.execute(TAKE_TURN, {"lock": LOCK})
    last = chain.execute(LAST).one_or_none()
    latest, previous = (last.id, last.hash) if last else (0, START)
    for number, row in enumerate(pending, latest + 1):
        row.id = number
        row.hash = previous = hash_of(row, previous)
    # Nobody reads them as objects here, and the unit of work takes seven times as long.
    chain.execute(APPEND, [vars(row) for row in pending])
