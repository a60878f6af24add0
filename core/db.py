"""Sessions, write transactions, the UTC column type: one code for SQLite and PostgreSQL.

Knows nothing of what is stored.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

from core import postgresql, sqlite
from core.sqlite import immediate

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
# Of each random byte five bits count; the signs are those of base 32 (RFC 4648).
SIGNS = b"abcdefghijklmnopqrstuvwxyz234567" * 8


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
    """130 random bits as 26 lower-case letters and digits: safe in URLs and on the phone."""
    return os.urandom(26).translate(SIGNS).decode()


def init_app(app: Flask, url: str) -> None:
    """Connects `app` to the database at `url` (an SQLAlchemy URL)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # The engine's own pool counts; a busy web process and its sender pool share it.
    options: dict[str, Any] = {"pool_size": 20, "max_overflow": 40}
    options["hide_parameters"] = True  # what somebody typed stays out of logs
    if url.startswith("postgresql"):
        driver = {"connect_timeout": 5, "cursor_factory": postgresql.Cursor}
        options |= {"connect_args": driver}
    else:
        options |= {"connect_args": {"factory": sqlite.Writer}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        kind = sqlite if db.engine.dialect.name == "sqlite" else postgresql
        kind.prepare(db.engine)


def savepoint_of(transaction: SessionTransaction) -> SessionTransaction | None:
    """The savepoint that a rollback of `transaction` goes back to; None when all is undone.

    For listeners of `after_soft_rollback`: a failed flush inside a savepoint reports itself.
    """
    while not transaction.nested and transaction.parent is not None:
        transaction = transaction.parent
    return transaction if transaction.nested else None


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
