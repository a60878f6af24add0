"""The searches of the directory against the pure rules, and their order against geopy's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from geopy.distance import geodesic
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from roster import directory
from roster.rules import availability, terms
from roster.rules.suitability import reason_against, reason_but_time
from roster.rules.terms import Need, Profile
from tests.roster.rosters import NOW, Person, needs, on_the_roster, people, profile_of, selects

EXAMPLES = pytest.mark.parametrize("examples", [15, pytest.param(600, marks=pytest.mark.long)])
NEVER = datetime.min.replace(tzinfo=UTC)
rosters = st.lists(people(), max_size=14)


def campaign(examples: int) -> settings:
    """So many random rosters; not shrunk, since each costs a database."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.reuse, Phase.generate]
    return settings(max_examples=examples, phases=phases, suppress_health_check=slow)


def km_to(need: Need, profile: Profile) -> float:
    return float(geodesic((need.lat, need.lon), (profile.lat, profile.lon)).km)


def order_of(need: Need, profile: Profile) -> tuple[Any, ...]:
    """The order of DISPATCH "Who is asked", written down a second time."""
    desired = sum(profile.skills.get(code, 0) >= 2 for code in need.desired)
    fit = (
        -desired,
        need.own_language not in profile.languages,
        not availability.is_awake(profile.rhythm, NOW),
    )
    nearest = (km_to(need, profile), profile.missions, profile.last_offered or NEVER, profile.id)
    return (*(fit if need.mode == "remote" else ()), *nearest)


@EXAMPLES
def test_candidates_are_those_the_rules_allow_in_the_order_that_geopy_gives(
    session: Session, examples: int
) -> None:
    @campaign(examples)
    @given(st.data(), rosters, st.integers(1, 6))
    def holds(data: st.DataObject, roster: list[Person], limit: int) -> None:
        need = data.draw(needs(roster))
        with on_the_roster(session, roster) as stored:
            profiles = [profile_of(key, person) for key, person in stored.items()]
            allowed = [one for one in profiles if reason_against(one, need, NOW) is None]
            expected = sorted(allowed, key=lambda one: order_of(need, one))
            found = directory.nearest(session, need, NOW, limit, **selects(stored))
        assert [one.id for one in found] == [one.id for one in expected[:limit]]
        assert [one.distance_km for one in found] == [km_to(need, one) for one in expected[:limit]]
        assert [one.last_offered for one in found] == [one.last_offered for one in expected[:limit]]

    holds()


@EXAMPLES
def test_every_exclusion_has_the_first_reason_of_the_rules(session: Session, examples: int) -> None:
    @campaign(examples)
    @given(st.data(), rosters)
    def holds(data: st.DataObject, roster: list[Person]) -> None:
        need = data.draw(needs(roster))
        with on_the_roster(session, roster) as stored:
            profiles = {key: profile_of(key, person) for key, person in stored.items()}
            against = {key: reason_against(one, need, NOW) for key, one in profiles.items()}
            given_selects = selects(stored)
            calls = {name: given_selects[name] for name in ("busy", "load")}
            counts, named = directory.exclusions(session, need, NOW, limit=50, **calls)
            deployable = {
                key: directory.is_deployable(session, key, need, NOW, **calls) for key in profiles
            }
        assert deployable == against
        reasons = [why for why in against.values() if why]
        assert counts == {why: reasons.count(why) for why in set(reasons)}
        vetted = {key for key, one in profiles.items() if one.status in terms.VETTED}
        assert {one.id: one.reason for one in named} == {
            key: why for key, why in against.items() if why and key in vetted
        }
        distances = [one.distance_km for one in named]
        assert distances == sorted(km_to(need, profiles[one.id]) for one in named)

    holds()


@EXAMPLES
def test_the_next_moment_is_the_earliest_of_all_whom_only_the_clock_keeps_back(
    session: Session, examples: int
) -> None:
    @campaign(examples)
    @given(st.data(), rosters)
    def holds(data: st.DataObject, roster: list[Person]) -> None:
        need = data.draw(needs(roster))
        with on_the_roster(session, roster) as stored:
            profiles = [profile_of(key, person) for key, person in stored.items()]
            waiting = [
                one
                for one in profiles
                if reason_but_time(one, need, NOW) is None and reason_against(one, need, NOW)
            ]
            moments = [availability.next_available(one.rhythm, need.hours, NOW) for one in waiting]
            given_selects = selects(stored)
            calls = {name: given_selects[name] for name in ("busy", "load")}
            found = directory.next_available(session, need, NOW, **calls)
        assert found == min((moment for moment in moments if moment), default=None)
        assert found is None or NOW < found < NOW + timedelta(days=30)

    holds()
