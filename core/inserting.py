"""Inserts that leave it to an index whether a row may be there. Knows no table."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db import Base

ByKind: TypeAlias = Mapping[str, Any]  # the same statement for each kind of database


def unless_there(table: type[Base], *returning: Any, **conflict: Any) -> ByKind:
    """An insert that does nothing, and returns nothing, where an index forbids it.

    `conflict` names one index as `on_conflict_do_nothing` does; without it any index counts. Build
    it once, and hand it to `for_kind` with the session that runs it.
    """
    return {
        kind: dialect.insert(table).on_conflict_do_nothing(**conflict).returning(*returning)
        for kind, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    }


def for_kind(session: Session, statements: ByKind) -> Any:
    """The one of `statements` that the database of `session` understands."""
    return statements[session.get_bind().dialect.name]
