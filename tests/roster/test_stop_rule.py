"""When the search by lists may stop: near the bound, where few pass, while others commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

from flask import Flask
from geopy.distance import geodesic
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core import clock
from core.db import db, writing
from roster import directory
from roster.directory.nearby import nearby
from roster.directory.sieve import Sieve
from roster.models import Expert
from roster.rules.geodesy import chord_sq, unit_vector
from roster.rules.terms import Area, Need
from tests.factories import make_expert
from tests.roster.rosters import NOW, on_the_roster, selects
from tests.roster.spots import FROM_LIST, found_of, free, full, places_of

HERE = (0.0, 0.0)
NEED = Need(*HERE, **FROM_LIST)
FIRST_PAGE = 6  # of a search for one


def test_the_nearest_by_chord_need_not_be_the_nearest(session: Session) -> None:
    """A page ends between two who come the other way round by the geodesic."""
    east, north = (0.0, 9.955), (9.9999, 0.0)
    chords = [chord_sq(unit_vector(*HERE), unit_vector(*place)) for place in (east, north)]
    assert chords[0] < chords[1]
    assert geodesic(HERE, east).km > geodesic(HERE, north).km
    before = [full((0.0, 9.9 + number / 1000)) for number in range(FIRST_PAGE - 2)]
    crowd = [*before, free(east), full((0.0, 9.96)), free(north)]
    assert places_of(session, crowd, NEED, 1) == [len(crowd) - 1]


def test_whoever_is_based_near_and_stays_far_away_does_not_end_the_search(
    session: Session,
) -> None:
    based = free(HERE)
    stay = {"present_lat": 0.0, "present_lon": 20.0, "present_until": NOW + timedelta(days=1)}
    traveller = replace(based, columns={**based.columns, **stay})
    crowd = [traveller, *(full((0.0, 1.0)) for _ in range(FIRST_PAGE)), free((0.0, 10.0))]
    assert places_of(session, crowd, NEED, 1) == [len(crowd) - 1]


def test_what_is_surely_affected_begins_at_the_need_and_not_at_the_circle(session: Session) -> None:
    """The need is just outside a wide circle, and the nearest just beyond the need."""
    need = replace(NEED, affected=Area(0.0, 27.1, radius_km=3_000.0))
    taken = [full((0.0, -0.1)) for _ in range(2 * FIRST_PAGE)]
    crowd = [*taken, free((0.0, 1.0)), free((0.0, -30.0)), free((0.0, -0.5))]
    assert places_of(session, crowd, need, 1) == [len(crowd) - 1]


def test_where_those_who_pass_are_thin_everybody_is_looked_at(session: Session) -> None:
    crowd = [*(full(HERE) for _ in range(5 * FIRST_PAGE)), free((0.0, 100.0))]
    with on_the_roster(session, crowd) as stored:
        taken = selects(stored)
        sieve = Sieve(session, NEED, NOW, taken["busy"], taken["load"], ())
        assert nearby(sieve, 1, FIRST_PAGE) is None
        assert found_of(session, stored, NEED, 1) == [len(crowd) - 1]


def test_beyond_a_disc_that_was_read_by_halves_the_search_goes_on(session: Session) -> None:
    """On the other side of the earth are so many postings that half of the way is looked at."""
    four = frozenset({"ar", "en", "fr", "ru"})
    there = {"present_lat": 0.0, "present_lon": 106.0, "present_until": NOW + timedelta(days=1)}
    one = full((0.0, 106.0))
    posted_often = replace(one, languages=four, columns={**one.columns, **there})
    crowd = [
        *(full(HERE) for _ in range(5)),
        *(posted_often for _ in range(45)),
        free((0.0, 116.0)),
    ]
    need = replace(NEED, languages=four)
    assert places_of(session, crowd, need, 1) == [len(crowd) - 1]


def test_whoever_comes_nearer_while_the_search_goes_on_is_found(
    app: Flask, session: Session
) -> None:
    """On PostgreSQL each statement sees what was committed before it."""
    for _ in range(FIRST_PAGE + 1):
        make_expert(session, lat=0.0, lon=0.1, max_missions=0)
    mover, _ = (make_expert(session, lat=0.0, lon=lon).id for lon in (0.3, 1.0))

    def move() -> None:
        with app.app_context(), writing() as another:
            another.get_one(Expert, mover).lon = 0.01

    nobody = {"busy": select(Expert.id).where(Expert.id < 0),
              "load": select(Expert.id, Expert.id).where(Expert.id < 0)}  # fmt: skip
    with once_after(2, "posting", move) as done:
        found = directory.nearest(session, NEED, clock.now(session), 1, **nobody)
    assert done
    assert [one.id for one in found] == [mover]


@contextmanager
def once_after(number: int, words: str, do: Callable[[], None]) -> Iterator[list[str]]:
    """Does this, as another session, after so many statements with these words."""
    seen: list[str] = []
    done: list[str] = []

    def look(_c: Any, _cursor: Any, statement: str, _given: Any, _x: Any, _many: bool) -> None:
        if words in statement and not done:
            seen.append(statement)
            if len(seen) == number:
                done.append(statement)
                thread = Thread(target=do)
                thread.start()
                thread.join()

    event.listen(db.engine, "after_cursor_execute", look)
    try:
        yield done
    finally:
        event.remove(db.engine, "after_cursor_execute", look)
