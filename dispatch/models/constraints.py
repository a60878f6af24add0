"""How a table says what its rows may not do: allowed states, and indexes over some rows only."""

from sqlalchemy import CheckConstraint, Index, text


def among(column: str, states: tuple[str, ...], name: str) -> CheckConstraint:
    """`column` holds one of `states`."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(s) for s in states)})", name=name)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that fulfil `where`, alike on SQLite and PostgreSQL.

    `where` is literal SQL: the planner finds the index only for the same literal condition.
    """
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
