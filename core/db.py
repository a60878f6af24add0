"""Sessions, write transactions, the UTC column type: one code for SQLite and PostgreSQL.

Knows nothing of what is stored.
"""

import base64
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MS = 20_000
_immediate: ContextVar[bool] = ContextVar("immediate", default=False)


class Base(DeclarativeBase):
    """The parent of every table; constraints are named so that migrations go both ways."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; SQLite alone would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored; give it a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def public_id() -> str:
    """128 random bits as 26 lower-case letters and digits: safe in URLs and on the phone."""
    return base64.b32encode(os.urandom(16)).decode().rstrip("=").lower()


def init_app(app: Flask, url: str) -> None:
    """Connects `app` to the database at `url` (an SQLAlchemy URL)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # The engine's own pool counts; a busy web process and its sender pool share it.
    options: dict[str, Any] = {"pool_size": 20, "max_overflow": 40}
    options["hide_parameters"] = True  # what somebody typed stays out of logs
    if url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Makes SQLite behave like a database for several writers; leaves PostgreSQL as it is."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "mmap_size=2147418112",  # bytes of the file that are read in place, at most
        "secure_delete=ON",  # what was erased is not left in freed pages
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns writer half-way fails with "locked"; an immediate one waits.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _immediate.get() else "BEGIN")


def savepoint_of(transaction: SessionTransaction) -> SessionTransaction | None:
    """The savepoint that a rollback of `transaction` goes back to; None when all is undone.

    For listeners of `after_soft_rollback`: a failed flush inside a savepoint reports itself.
    """
    while not transaction.nested and transaction.parent is not None:
        transaction = transaction.parent
    return transaction if transaction.nested else None


@contextmanager
def immediate() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once (no effect on PostgreSQL)."""
    token = _immediate.set(True)
    try:
        yield
    finally:
        _immediate.reset(token)


@contextmanager
def writing() -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any exception.

    A read transaction that is open is ended first, so that everything decided inside is read
    inside. Joins an outer `writing()` instead of nesting.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside of writing()")
    session.commit()
    session.info["writing"] = True
    try:
        with immediate():
            yield session
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
