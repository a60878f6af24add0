"""Statements that are written out once and then only told their values.

What a match asks is short; to have it compiled, or its parameters sorted, again for each would
cost as much as the answer. Knows neither experts nor needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Dialect, Row
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from roster.directory.frame import Rows

T = TypeVar("T")
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Written:
    """A statement in the driver's own words.

    `places` are its parameters in order, with what makes a value fit for the driver; `own` are
    values that the statement brought along. Places count by number on SQLite, else by name.
    """

    sql: str
    places: tuple[tuple[str, Convert | None], ...]
    own: Mapping[str, Any]
    by_number: bool

    def told(self, given: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """The parameters for the driver, from values by name; what has no place is left out."""
        all_values = {**self.own, **given}
        if self.by_number:
            return tuple([
                convert(all_values[name]) if convert else all_values[name]
                for name, convert in self.places
            ])  # fmt: skip
        return {
            name: convert(all_values[name]) if convert else all_values[name]
            for name, convert in self.places
        }


def rows_of(
    session: Session, statement: Rows, given: Mapping[str, Any]
) -> list[Row[*tuple[Any, ...]]]:
    """All rows, as the driver has them: no column may need a conversion (as moments do).

    Keep `statement` and hand over the same one each time.
    """
    connection = session.connection()
    written = _written(statement, connection.dialect)
    if written is None:
        return list(connection.execute(statement, given).all())
    return list(connection.exec_driver_sql(written.sql, written.told(given)).all())


def reader_of(session: Session, type_: TypeEngine[T]) -> Callable[[Any], T | None]:
    """What makes a value of `type_` of what `rows_of` gives."""
    dialect = session.get_bind().dialect
    return type_.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(maxsize=1_000)
def _written(statement: Rows, dialect: Dialect) -> Written | None:
    """None where a list of any length is part of the statement, which changes with it."""
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.post_compile_params:
        return None
    own = {name: slot.value for name, slot in compiled.binds.items() if not slot.required}
    names = compiled.positiontup if compiled.positional else dict.fromkeys(compiled.binds)
    converts = {
        name: slot.type.dialect_impl(dialect).bind_processor(dialect)
        for name, slot in compiled.binds.items()
    }
    places = tuple((name, converts[name]) for name in names)
    return Written(str(compiled), places, own, bool(compiled.positional))
