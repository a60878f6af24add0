"""What a filing, a reply and a tick cost, in statements and plans: never in time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from sqlalchemy import event

from bench import storm
from core.db import db, writing
from dispatch import answers, outbox
from dispatch.advance import advance_due
from dispatch.channels.handover import Outgoing, Taken
from dispatch.outbox import settle
from dispatch.outbox.claim import claim_due
from roster import registrar
from roster.models import Expert
from tests.dispatch.world import World

# As measured, and a few to spare: whoever needs more should know why.
FILING, REPLY, TICK = 28, 23, 4

# Steps of a plan that would cost the more, the longer we are at work.
GROWING = tuple(
    f"SCAN {table}" for table in ("attempt", "crisis_request", "expert", "mail", "mission", "offer")
)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database inside the block; savepoints aside."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement and "BEGIN" not in statement:
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def tick(world: World) -> list[str]:
    now = world.now
    with counted() as said:
        advance_due(now)
        outbox.send_due(now)
    return said


def store_all(world: World, taken: Sequence[Outgoing]) -> list[str]:
    now = world.now
    results = [(each, Taken(f"SM{each.id:032x}")) for each in taken]
    with counted() as said, writing() as session:
        settle.store(session, results, now)
    return said


def test_a_filing_takes_a_bounded_number_of_statements(world: World) -> None:
    world.experts(3)
    filer = world.focal_point()
    with counted() as said:
        world.file(filer)
    assert len(said) <= FILING, "\n".join(said)


def test_a_reply_takes_a_bounded_number_of_statements(world: World) -> None:
    first, _ = world.experts(2)
    world.file()
    code, phone = world.offer_to(first).code, first.phone
    with counted() as said, writing() as session:
        answer = answers.record_reply(
            session, "SM" + "1" * 32, phone, "", f"1 {code}", received_at=world.now
        )
    assert answer
    assert world.offer_to(first).status == "accepted"
    assert len(said) <= REPLY, "\n".join(said)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_psycopg_remembers_how_each_statement_of_a_filing_is_parsed(world: World) -> None:
    """What is longer it parses each time, which takes some tenths of a millisecond."""
    world.experts(3)
    filer = world.focal_point()
    with counted() as said:
        world.file(filer, skills=["CIR:2", "BCP:2"])
    assert any("posting" in one for one in said)
    assert not [one for one in said if len(one) > MAX_CACHED_STATEMENT_LENGTH]


# SQLite's planner goes by the statement; PostgreSQL's by sizes, and these tables are all but empty.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_reply_reads_a_whole_table(world: World) -> None:
    first, _ = world.experts(2)
    world.file()
    code, phone = world.offer_to(first).code, first.phone
    with counted() as said, writing() as session:
        answers.record_reply(session, "SM1", phone, "", f"1 {code}", received_at=world.now)
    assert world.offer_to(first).status == "accepted"
    look_at_plans(world, said)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_tick_reads_a_whole_table_whether_or_not_anything_is_due(world: World) -> None:
    look_at_plans(world, tick(world))
    first, second = world.experts(2)
    world.file()
    with writing() as session:
        expert = session.get_one(Expert, first.id)
        registrar.set_away(session, expert, None, actor="x", now=world.now)
    now = world.now
    with counted() as said:
        advance_due(now)
    assert world.offer_to(second).status == "open"
    look_at_plans(world, [one for one in said if "posting" not in one])  # see docs/matching.md


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_search_reads_all_offers_ever_made(world: World) -> None:
    world.experts(3)
    filer = world.focal_point()
    with counted() as said:
        world.file(filer, skills=["CIR:2"])
    latest = [one for one in said if "max(" in one and "offer.created_at" in one]
    assert latest
    look_at_plans(world, latest)


def look_at_plans(world: World, statements: Sequence[str]) -> None:
    connection = world.session.connection()
    for statement in statements:
        marks = tuple("1" * statement.count("?"))
        plan = [
            row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", marks)
        ]
        assert not any(step.startswith(GROWING) for step in plan), (statement, plan)


def test_what_became_of_ten_texts_is_stored_in_as_many_statements_as_of_one(world: World) -> None:
    world.experts(11)
    for _ in range(11):
        world.file()
    one, *ten = claim_due(world.now, 11).outgoing
    assert len(store_all(world, ten)) == len(store_all(world, [one]))


def test_a_tick_with_nothing_due_costs_the_same_after_a_long_history(world: World) -> None:
    world.experts(3)
    before = tick(world)
    storm.leave(300, world.now, first=1, over=True)
    assert tick(world) == before
    assert len(before) <= TICK
