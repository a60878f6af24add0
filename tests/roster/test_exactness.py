"""The order near the traps: one place many times, the edge of a circle, a place that ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from flask import Flask
from geopy.distance import geodesic
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from roster import directory, registrar
from roster.models import Expert
from roster.rules.cells import EVERYWHERE
from roster.rules.geodesy import chord_sq, unit_vector
from roster.rules.terms import Area, Away, Hours, Need, Rhythm
from tests.factories import make_expert
from tests.roster.rosters import NOW, PLACES, Person, on_the_roster, selects
from tests.roster.spots import (
    FROM_LIST,
    ON_LIST,
    at,
    found_both_ways,
    free,
    full,
    places_both_ways,
    places_of,
)

GENEVA = (46.2, 6.14)
MORE_THAN_A_BATCH = 140


def test_at_one_place_the_least_loaded_and_longest_unasked_comes_first(session: Session) -> None:
    crowd = [at(GENEVA, missions=1) for _ in range(MORE_THAN_A_BATCH)]
    crowd.append(at(GENEVA, last_offered=NOW - timedelta(days=1)))
    crowd.append(at(GENEVA, last_offered=NOW - timedelta(days=2)))
    crowd.append(at(GENEVA))
    need = Need(*GENEVA, skills=())
    last = len(crowd) - 1
    assert places_both_ways(session, crowd, need, 5) == [last, last - 1, last - 2, 0, 1]


def test_whoever_is_exactly_at_the_edge_of_the_affected_circle_is_inside(session: Session) -> None:
    edge, beyond = (46.5, 6.5), (46.50001, 6.5)
    area = Area(*GENEVA, radius_km=geodesic(GENEVA, edge).km)
    need = Need(*GENEVA, skills=(), affected=area)
    crowd = [at(edge) for _ in range(MORE_THAN_A_BATCH)]
    assert places_both_ways(session, [*crowd, at(beyond)], need, 1) == [MORE_THAN_A_BATCH]


def test_order_at_the_poles_and_across_the_antimeridian_is_geopys(session: Session) -> None:
    everywhere = len(PLACES)
    taken = [full(place) for place in 3 * PLACES]  # more than a page
    with on_the_roster(session, [*(free(place) for place in PLACES), *taken]) as stored:
        for place in PLACES:
            distances = [geodesic(place, other).km for other in PLACES]
            expected = sorted(range(everywhere), key=lambda number: (distances[number], number))
            need = Need(*place, skills=())
            assert found_both_ways(session, stored, need, everywhere) == expected


def test_a_present_place_counts_until_it_ends_and_the_base_after(session: Session) -> None:
    tokyo = (35.7, 139.7)
    traveller = at(GENEVA)
    away = {"present_lat": tokyo[0], "present_lon": tokyo[1]}
    lasting = replace(traveller, columns={**traveller.columns, **away,
                                          "present_until": NOW + timedelta(hours=1)})  # fmt: skip
    over = replace(traveller, columns={**traveller.columns, **away, "present_until": NOW})
    need = Need(*tokyo, skills=())
    assert places_both_ways(session, [over, lasting], need, 2) == [1, 0]


def test_the_stored_vectors_follow_the_coordinates(session: Session) -> None:
    expert = make_expert(session, lat=10.0, lon=20.0)
    with writing():
        moved = session.scalars(select(Expert).where(Expert.id == expert.id)).one()
        moved.lat, moved.lon, moved.x = -30.0, 179.5, 0.5
        moved.present_lat, moved.present_lon = 1.0, 2.0
    session.expire_all()
    assert (expert.x, expert.y, expert.z) == unit_vector(-30.0, 179.5)
    assert (expert.present_x, expert.present_y, expert.present_z) == unit_vector(1.0, 2.0)
    with writing():
        session.get_one(Expert, expert.id).present_lat = None
    session.expire_all()
    assert expert.present_x is None


def test_who_was_asked_already_is_passed_over_and_counted(session: Session) -> None:
    roster = [free(GENEVA), free((46.3, 6.2))]
    need = Need(*GENEVA, skills=())
    with on_the_roster(session, roster) as stored:
        first, _ = stored
        assert found_both_ways(session, stored, need, 5, exclude=[first]) == [1]
        calls = selects(stored)
        taken = {name: calls[name] for name in ("busy", "load")}
        counts, named = directory.exclusions(session, need, NOW, **taken, asked=[first])
    assert counts == {"already_asked": 1}
    assert [(one.id, one.reason) for one in named] == [(first, "already_asked")]


def test_a_remote_mission_wants_skills_then_the_language_then_the_day_then_nearness(
    session: Session,
) -> None:
    asleep, day = Rhythm("UTC", quiet=(540, 660)), Rhythm("UTC")  # it is 10:00
    far = (-46.2, -173.86)
    roster = [
        at(GENEVA, rhythm=day),
        at(far, rhythm=day),
        at(far, rhythm=asleep, languages=frozenset({"fr"})),
        at(far, rhythm=day, languages=frozenset({"fr"})),
        at(far, rhythm=asleep, skills={"LEG": (2, None)}),
        at(far, rhythm=asleep, skills={"LEG": (2, None), "BCP": (3, None)}),
        at(far, rhythm=asleep, skills={"LEG": (1, None), "BCP": (1, None)}),
    ]
    need = Need(*GENEVA, skills=(), desired=("LEG", "BCP"), own_language="fr", mode="remote")
    assert places_of(session, roster, need, 7) == [5, 4, 3, 2, 0, 1, 6]


def test_whoever_is_at_the_edge_is_counted_as_affected(session: Session) -> None:
    edge = (46.5, 6.5)
    area = Area(*GENEVA, radius_km=geodesic(GENEVA, edge).km)
    need = Need(*GENEVA, skills=(), affected=area)
    with on_the_roster(session, [at(edge), at((46.50001, 6.5))]) as stored:
        calls = {name: query for name, query in selects(stored).items() if name != "offered"}
        counts, named = directory.exclusions(session, need, NOW, **calls)
    assert counts == {"affected_area": 1}
    assert [one.reason for one in named] == ["affected_area"]


def test_the_next_to_wake_is_not_always_the_first_to_come_back(session: Session) -> None:
    def until(days: float, **hours: Any) -> Rhythm:
        return Rhythm("UTC", (Away(NOW, NOW + timedelta(days=days)),), **hours)

    first_back = until(1, weekly=(Hours(0, 0, 1440),))  # but not asked before Monday
    roster = [
        at(GENEVA, rhythm=first_back),
        at(GENEVA, rhythm=until(2)),
        at(GENEVA, rhythm=until(9)),
    ]
    need = Need(*GENEVA, skills=())
    with on_the_roster(session, roster) as stored:
        calls = {name: query for name, query in selects(stored).items() if name != "offered"}
        assert directory.next_available(session, need, NOW, **calls) == NOW + timedelta(days=2)
        later = directory.next_available(session, need, NOW, **calls, exclude=list(stored)[1:2])
    assert later == datetime(2026, 6, 8, tzinfo=UTC)


def test_a_suspension_waits_until_the_offer_it_meets_is_made(app: Flask, session: Session) -> None:
    number = make_expert(session).id
    need = Need(*GENEVA, skills=(("BCP", 2),))
    nobody = select(Expert.id).where(Expert.id < 0)
    taken = {"busy": nobody, "load": select(Expert.id, Expert.id).where(Expert.id < 0)}

    def suspend() -> None:
        with app.app_context(), writing() as other:
            there = other.get_one(Expert, number)
            registrar.suspend(other, there, "Left", actor="system", now=clock.now(other))

    hr = Thread(target=suspend)
    with writing():
        now = clock.now()
        assert directory.is_deployable(session, number, need, now, **taken) is None
        hr.start()
        hr.join(timeout=0.5)
        assert hr.is_alive()
    hr.join()
    with writing():
        assert directory.is_deployable(session, number, need, now, **taken) == "not_vetted"


def test_weekly_hours_begin_with_their_first_minute_and_end_before_their_last(
    session: Session,
) -> None:
    def hours(start: int, end: int) -> Person:
        return at(GENEVA, rhythm=Rhythm("UTC", weekly=(Hours(NOW.weekday(), start, end),)))

    ten = 10 * 60
    roster = [hours(ten - 60, ten), hours(ten, ten + 60), hours(ten - 60, ten + 1)]
    assert places_both_ways(session, roster, Need(*GENEVA, skills=()), 3) == [1, 2]


def test_somebody_at_the_antipode_is_found_though_rounding_puts_them_beyond_the_sphere(
    session: Session,
) -> None:
    here, opposite = (76.532, -107.3753), (-76.532, 72.6247)
    assert chord_sq(unit_vector(*here), unit_vector(*opposite)) > EVERYWHERE**2
    for others in (0, 30):  # and so many before them who may not be asked: more than a page
        crowd = [*(full(opposite) for _ in range(others)), free(opposite)]
        assert places_of(session, crowd, Need(*here, **FROM_LIST), 1) == [others]
    idle = [*(at(opposite, missions=1, **ON_LIST) for _ in range(30)), free(opposite)]
    assert places_of(session, idle, Need(*here, **FROM_LIST), 3) == [30, 0, 1]
