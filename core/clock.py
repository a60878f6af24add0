"""What time it is: the database server's clock, so that no machine whose own is wrong does harm.

SQLite has no clock but that of the machine, which is ours as well. Everything that decides takes
`now` as an argument; only the doors ask here.
"""

from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from core.db import db

POSTGRESQL = text("SELECT clock_timestamp()")


def now(session: Session | None = None) -> datetime:
    """The present in UTC, read once per unit of work (until the next commit or rollback)."""
    session = session or db.session()
    known = session.info.get("now")
    if isinstance(known, datetime):
        return known
    offset: timedelta = current_app.extensions["clock_offset"]
    present = _read(session) + offset
    session.info["now"] = present
    return present


def set_offset(app: Flask, offset: timedelta) -> None:
    """Moves the clock of `app`; only tests do."""
    app.extensions["clock_offset"] = offset
    with app.app_context():
        db.session.rollback()


def init_app(app: Flask) -> None:
    """Starts with the database's own time and forgets it at the end of each unit of work."""
    app.extensions["clock_offset"] = timedelta(0)


def _read(session: Session) -> datetime:
    if session.get_bind().dialect.name == "sqlite":
        if not session.in_transaction():
            session.begin()  # whose end is that of this unit of work; asks the database nothing
        return datetime.now(UTC)
    present: datetime = session.connection().execute(POSTGRESQL).scalar_one()
    return present.astimezone(UTC)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("now", None)
