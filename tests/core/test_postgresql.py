"""PostgreSQL's driver: lazy with descriptions, and asked anew after a rest."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from core import postgresql

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MINE, END = text("SELECT pg_backend_pid()"), text("SELECT pg_terminate_backend(:pid)")


@pytest.fixture
def engines(database_url: str) -> Iterator[list[Engine]]:
    made = [
        create_engine(database_url, connect_args={"cursor_factory": postgresql.Cursor})
        for _ in range(2)
    ]
    yield made
    for engine in made:
        engine.dispose()


def end_the_one_that_rests(engine: Engine, other: Engine) -> int:
    with engine.connect() as resting:
        pid = int(resting.execute(MINE).scalar_one())
    with other.connect() as ending:
        ending.execute(END, {"pid": pid})
    return pid


def test_a_connection_that_was_lost_while_it_rested_is_replaced(engines: list[Engine]) -> None:
    postgresql.prepare(engines[0], rested_s=0.0)
    lost = end_the_one_that_rests(*engines)
    with engines[0].connect() as connection:
        assert connection.execute(MINE).scalar_one() != lost


def test_who_was_let_go_a_moment_ago_is_not_asked(engines: list[Engine]) -> None:
    postgresql.prepare(engines[0], rested_s=3600.0)
    end_the_one_that_rests(*engines)
    with pytest.raises(DBAPIError) as lost, engines[0].connect() as connection:
        connection.execute(MINE)
    assert lost.value.connection_invalidated
    with engines[0].connect() as connection:  # and from then on all is well
        assert connection.execute(MINE).scalar_one()


def test_columns_are_described_as_by_the_driver_itself(engines: list[Engine]) -> None:
    with engines[0].connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        lazy, plain = driver.cursor(), psycopg.Cursor(driver)
        for query in ("SELECT 1 AS one, now() AS two", "SELECT", "SET statement_timeout = 0"):
            lazy.execute(query)
            plain.execute(query)
            described = lazy.description
            if plain.description is None:
                assert described is None
                continue
            assert described is not None
            assert [tuple(each) for each in described] == [tuple(x) for x in plain.description]
            assert len(described) == len(plain.description)
        lazy.execute("SELECT 1 AS one, 2 AS two")
        assert lazy.description is not None
        assert [each.name for each in lazy.description[1:]] == ["two"]
        with pytest.raises(IndexError):
            lazy.description[2]
