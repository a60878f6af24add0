"""Inserts that leave it to an index whether a row may be there. Knows no table."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from core.db import Base

Row = TypeVar("Row", bound=Base)

ByKind: TypeAlias = Mapping[str, Any]  # the same statement for each kind of database
DIALECTS = (("sqlite", sqlite), ("postgresql", postgresql))


def unless_there(table: type[Base], *returning: Any, **conflict: Any) -> ByKind:
    """An insert that does nothing, and returns nothing, where an index forbids it.

    `conflict` names one index as `on_conflict_do_nothing` does; without it any index counts. Build
    it once, and hand it to `for_kind` with the session that runs it.
    """
    return {
        kind: dialect.insert(table).on_conflict_do_nothing(**conflict).returning(*returning)
        for kind, dialect in DIALECTS
    }


def else_add(table: type[Base], keys: Sequence[str], counted: str) -> ByKind:
    """An insert that adds its `counted` to the row with the same `keys`, where there is one."""
    old = table.__table__.c[counted]
    return {
        kind: (row := dialect.insert(table)).on_conflict_do_update(
            index_elements=keys, set_={counted: old + row.excluded[counted]}
        )
        for kind, dialect in DIALECTS
    }


def for_kind(session: Session, statements: ByKind) -> Any:
    """The one of `statements` that the database of `session` understands."""
    return statements[session.get_bind().dialect.name]


def as_stored(session: Session, row: Row) -> Row:
    """`row`, which a statement has just inserted as it is, as an object that `session` has read.

    Give it all columns: each that it lacks is asked for when somebody looks.
    """
    make_transient_to_detached(row)
    session.add(row)
    return row
