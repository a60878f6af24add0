"""Values that travel as JSON or as an array: into the database as a table, out of it as one text.

So a statement stays the same, however many they are.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    String,
    TableValuedAlias,
    any_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session


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


def elements_of(kind: str, given: BindParameter[str]) -> TableValuedAlias:
    """A JSON list of words as a table: `value`."""
    if kind == "sqlite":
        return func.json_each(given).table_valued("value")
    return func.json_array_elements_text(cast(given, JSON)).table_valued("value")


def is_one_of(
    kind: str, column: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether `column` is among the ids of the slot `ids`, filled with `ids_for`."""
    if kind == "sqlite":
        rows = func.json_each(slot("ids")).table_valued("value")
        return column.in_(select(cast(rows.c.value, Integer)))
    # An array: of its length the planner knows, and takes the index.
    return column == any_(bindparam("ids", type_=ARRAY(Integer)))


def ids_for(kind: str, ids: Sequence[int]) -> str | list[int]:
    """The value of the slot `ids`, however many they are."""
    return json.dumps(ids) if kind == "sqlite" else list(ids)


def gathered(
    kind: str, value: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any] | None = None
) -> ColumnElement[str]:
    """The values of many rows as one JSON text: an object of them by `key`, else a list."""
    values = (value,) if key is None else (key, value)
    if kind == "sqlite":
        return (func.json_group_array if key is None else func.json_group_object)(*values)
    return cast((func.json_agg if key is None else func.json_object_agg)(*values), String)


def number(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A column of `table_of` as a number."""
    return cast(column, BigInteger)
