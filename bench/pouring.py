"""Writes many rows the quickest way that each database has, and its indexes at the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Session

from core.db import Base, db
from roster.models import Expert, ExpertLanguage, Posting, SkillClaim

FILLED = (Expert, ExpertLanguage, SkillClaim, Posting)
# What is poured is known to be sound, and lost to nobody if the power fails.
CARELESS = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000"),
    "postgresql": ("SET session_replication_role = replica", "SET maintenance_work_mem = '256MB'",
                   "SET work_mem = '256MB'"),
}  # fmt: skip


@contextmanager
def in_bulk(session: Session) -> Iterator[Session]:
    """A session on a connection of its own that looks neither at what rows refer to nor at indexes.

    At the end of the block it is committed, the indexes are made, and the database looks at what
    there is (ANALYZE).
    """
    session.commit()
    engine = db.engine
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as bulk:
        driver: Any = connection.connection.driver_connection
        for setting in CARELESS[engine.dialect.name]:
            driver.execute(setting)
        driver.commit()
        for index in _indexes():
            index.drop(bulk.connection())
        yield bulk
        for index in _indexes():
            index.create(bulk.connection())
        bulk.execute(text("ANALYZE"))
        bulk.commit()
        connection.invalidate()  # as careless as it is, nobody shall have it


def pour(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes many rows the quickest way that the database has; each names the same columns."""
    columns = list(rows[0])
    name, names = table.__tablename__, ", ".join(columns)
    values = list(map(itemgetter(*columns), rows))
    if session.get_bind().dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {name} ({names}) VALUES ({places})"  # noqa: S608
        session.connection().exec_driver_sql(statement, values)
        return
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _indexes() -> list[Index]:
    tables = [Expert.metadata.tables[table.__tablename__] for table in FILLED]
    return [one for table in tables for one in sorted(table.indexes, key=lambda one: str(one.name))]
