"""The search by postings over a crowd: whom the plain rules find, by the index, at little cost."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from math import sqrt
from typing import Any

import pytest
from geopy.distance import geodesic
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from bench.rosters import fill
from core import clock
from core.db import db, writing
from core.reference.models import Office
from roster import directory
from roster.directory.beginning import start_of
from roster.directory.nearby import nearby
from roster.directory.profiles import profiles
from roster.directory.sieve import Sieve
from roster.models import Absence, Conflict, Expert, Posting, SkillClaim
from roster.models.postings import post
from roster.rules.cells import EVERYWHERE, SLACK
from roster.rules.geodesy import Placed, chord_sq, nearest_exact, unit_vector
from roster.rules.suitability import reason_against
from roster.rules.terms import Area, Need, Profile

CROWD = 600
K = 10
MOST_STATEMENTS = 10
NOBODY: dict[str, Any] = {
    "busy": select(Expert.id).where(Expert.id < 0),
    "load": select(Expert.id, Expert.max_missions).where(Expert.id < 0),
}
BY_KEY = {
    "sqlite": "USING PRIMARY KEY (skill=? AND language=? AND cell>? AND cell<?)",
    "postgresql": "pk_posting",
}


@pytest.fixture
def crowd(session: Session) -> Session:
    """Some hundreds where people live; some are away, travel, or have a claim that ended."""
    fill(session, CROWD)
    dice, now = random.Random(4), clock.now(session)
    with writing():
        for expert in session.scalars(select(Expert).order_by(Expert.id)):
            fate = dice.randrange(8)
            if fate == 0:
                expert.absences.append(Absence(starts_at=now, ends_at=None))
            if fate in (1, 2):
                expert.present_lat, expert.present_lon = dice.uniform(-90, 90), dice.uniform(-9, 9)
                expert.present_until = now + timedelta(days=3 - 4 * (fate - 1))
            if fate == 3:
                expert.conflicts.append(Conflict(code=expert.country))
            if fate == 4:
                for claim in expert.skills:
                    claim.valid_until = date(2020, 1, 1)
    session.expire_all()
    return session


def a_need(dice: random.Random, offices: list[Office]) -> Need:
    """At an office or anywhere; sometimes with two skills or within what is affected."""
    office = dice.choice(offices)
    lat, lon = dice.choice(
        ((office.lat, office.lon), (dice.uniform(-90, 90), dice.uniform(-180, 180)))
    )
    skills = tuple((code, dice.choice((1, 2, 3))) for code in dice.sample(("BCP", "CIR", "DRB"), 2))
    area = Area(lat + dice.gauss(0, 1) if abs(lat) < 80 else lat, lon, dice.choice((50.0, 4000.0)))
    return Need(
        lat=lat, lon=lon, skills=skills[: dice.choice((1, 1, 2))],
        languages=frozenset(dice.choice((office.spoken, ["en"], ["fr", "es"], ["is"]))),
        country=office.iso2, office=office.code, affected=dice.choice((None, None, area)),
    )  # fmt: skip


def needs(session: Session, count: int, seed: int = 5) -> Iterator[Need]:
    """Random ones."""
    offices = list(session.scalars(select(Office).order_by(Office.code)))
    dice = random.Random(seed)
    return (a_need(dice, offices) for _ in range(count))


@contextmanager
def watched(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """The statements, and their parameters, that reach the database inside the block."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, _many: bool) -> None:
        seen.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_nearest_of_a_crowd_are_those_whom_the_rules_allow_in_geopys_order(
    crowd: Session,
) -> None:
    now, dice = clock.now(crowd), random.Random(7)
    everybody = profiles(crowd, list(crowd.scalars(select(Expert.id))), now, **NOBODY).values()
    sizes = set()
    for need in needs(crowd, 60):
        allowed = [one for one in everybody if reason_against(one, need, now) is None]

        def km(one: Profile, need: Need = need) -> float:
            return float(geodesic((need.lat, need.lon), (one.lat, one.lon)).km)

        limit = dice.choice((1, K))  # of one, hundreds in a disc are too many: it is narrowed
        expected = sorted((km(one), one.id) for one in allowed)[:limit]
        found = directory.nearest(crowd, need, now, limit, **NOBODY)
        assert [(one.distance_km, one.id) for one in found] == expected
        sizes.add(len(found))
    assert {0, K} < sizes


def test_few_exact_distances_and_few_statements_are_enough(crowd: Session) -> None:
    now = clock.now(crowd)
    for need in needs(crowd, 30, seed=6):
        with watched(crowd) as statements:
            directory.nearest(crowd, need, now, K, **NOBODY)
        assert len(statements) <= MOST_STATEMENTS
        sieve = Sieve(crowd, need, now, NOBODY["busy"], NOBODY["load"], ())
        rows = nearby(sieve, K, 2 * K)
        if rows is not None and need.affected is None:
            placed = [Placed(row.chord_sq, row.lat, row.lon, row.id) for row in rows]
            assert nearest_exact(placed, (need.lat, need.lon), K).evaluated <= 3 * K


def test_the_first_disc_holds_as_many_of_the_list_as_are_wanted(crowd: Session) -> None:
    wanted, reaches = 12, set()
    for need in needs(crowd, 40, seed=8):
        start = start_of(crowd, need, wanted)
        here, on_list = unit_vector(need.lat, need.lon), select(Posting)
        on_list = on_list.where(Posting.skill == start.skill, Posting.language.in_(need.languages))
        within = {
            one.expert_id
            for one in crowd.scalars(on_list)
            if sqrt(chord_sq(here, (one.x, one.y, one.z))) <= start.reach + SLACK
        }
        assert len(within) >= wanted or start.reach == EVERYWHERE
        reaches.add(start.reach)
    assert EVERYWHERE in reaches
    assert len(reaches) > wanted


def test_the_lists_are_read_by_their_key(crowd: Session) -> None:
    crowd.execute(text("ANALYZE"))
    kind = db.engine.dialect.name
    if kind == "postgresql":
        crowd.execute(text("SET LOCAL enable_seqscan = off"))  # so few rows lie on a few pages
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[kind]
    need = Need(46.2, 6.1, (("BCP", 2),), languages=frozenset({"fr", "en"}))
    with watched(crowd) as statements:
        directory.nearest(crowd, need, clock.now(crowd), K, **NOBODY)
    reading = [(one, given) for one, given in statements if "posting" in one]
    assert len(reading) >= 2
    for statement, given in reading:
        rows = crowd.connection().exec_driver_sql(explain + statement, given)
        plan = "\n".join(str(row) for row in rows)
        assert BY_KEY[kind].lower() in plan.lower(), plan
        if kind == "postgresql":  # range by range, not the whole list
            by_cell = [line for line in plan.splitlines() if "Index Cond" in line]
            assert any("cell >=" in line for line in by_cell), plan


def test_who_will_never_be_free_is_known_from_the_lists(crowd: Session) -> None:
    unheard = Need(46.2, 6.1, (("BCP", 2), ("CIR", 2)), languages=frozenset({"tlh"}))
    now = clock.now(crowd)
    with watched(crowd) as statements:
        assert directory.next_available(crowd, unheard, now, **NOBODY) is None
    looked = [statement for statement, _ in statements if "FROM" in statement]
    assert len(looked) == len(unheard.skills)
    assert all("FROM posting" in statement for statement in looked)


def test_a_second_writing_of_all_postings_changes_nothing(crowd: Session) -> None:
    before = crowd.execute(select(Posting.__table__)).all()
    with writing():
        post(crowd.connection())
    assert sorted(crowd.execute(select(Posting.__table__)).all()) == sorted(before)
    assert len(before) > (crowd.scalar(select(func.count()).select_from(SkillClaim)) or 0)


def test_a_look_at_everybody_goes_through_no_list_for_each_of_them(crowd: Session) -> None:
    """As PostgreSQL does for IN, once the list is too long for its memory: for minutes."""
    need = Need(48.1, 11.6, skills=(("BCP", 2),), languages=frozenset({"en"}), country="DE")
    with watched(crowd) as said:
        directory.exclusions(crowd, need, clock.now(crowd), **NOBODY)
    counting = next(statement for statement, _ in said if "AS against" in statement)
    assert "IN (SELECT expert_language" not in counting
    assert "IN (SELECT skill_claim" not in counting
    assert counting.count("EXISTS") >= len(("absence", "skill", "language", "conflict"))
