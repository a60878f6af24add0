"""Numbers that Python knows, as a table that the database can join.

They travel as one JSON parameter, so that a statement stays the same whatever they are.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    String,
    Subquery,
    TableValuedAlias,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.orm import Session


def kind_of(session: Session) -> str:
    """The sort of database: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def slot(name: str) -> BindParameter[str]:
    """A place for JSON."""
    return bindparam(name, type_=String)


def table_of(kind: str, given: BindParameter[str]) -> TableValuedAlias:
    """A JSON object of numbers as a table: `key` (text) and `value` (read it with `number`)."""
    if kind == "sqlite":
        return func.json_each(given).table_valued("key", "value")
    return func.json_each_text(cast(given, JSON)).table_valued("key", "value")


def ids_of(kind: str, given: BindParameter[str]) -> Subquery:
    """A JSON list of ids as a table with the column `id`."""
    if kind == "sqlite":
        rows = func.json_each(given).table_valued("value")
    else:
        rows = func.json_array_elements_text(cast(given, JSON)).table_valued("value")
    return select(cast(rows.c.value, Integer).label("id")).subquery()


def number(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A column of `table_of` as a number."""
    return cast(column, BigInteger)
