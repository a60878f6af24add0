"""Each reason against somebody, in the order in which reasons are given, and its facts."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from geopy.distance import geodesic

from roster.rules import terms
from roster.rules.details import detail_of
from roster.rules.suitability import reason_against, reason_but_time
from roster.rules.terms import Area, Away, Hours, Need, Profile, Rhythm

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
GENEVA, BERN = (46.2, 6.14), (46.948, 7.4474)
SOMEBODY = Profile(
    id=1, status=terms.LISTED, valid_until=NOW + timedelta(days=1), opted_out=False,
    has_channel=True, rhythm=Rhythm("UTC"), lat=BERN[0], lon=BERN[1], country="CH",
    languages=frozenset({"fr", "en"}), skills={"CIR": 2, "BCP": 3},
    modes=frozenset({"remote"}), max_missions=1, conflicts=frozenset({"UA"}),
)  # fmt: skip
NEED = Need(
    *GENEVA, skills=(("CIR", 2),), languages=frozenset({"fr"}), mode="either", country="HT",
    office="HT", affected=Area(*GENEVA, radius_km=50.0), hours="waking",
)  # fmt: skip
AWAY = Rhythm("UTC", away=(Away(NOW - timedelta(days=1), NOW + timedelta(days=3)),))
ASLEEP = Rhythm("UTC", quiet=(540, 660))
OFF = Rhythm("UTC", weekly=(Hours(0, 0, 1440),))

Facts = dict[str, Any]
CASES: list[tuple[str, Facts, Facts, Facts]] = [
    (terms.NOT_VETTED, {"status": "suspended"}, {}, {"status": "suspended"}),
    (terms.NOT_VALID, {"valid_until": NOW}, {}, {"valid_until": "2026-06-03"}),
    (terms.NOT_VALID, {"valid_until": None}, {}, {"valid_until": None}),
    (terms.OPTED_OUT, {"opted_out": True}, {}, {}),
    (terms.NO_CHANNEL, {"has_channel": False}, {}, {}),
    (terms.AWAY, {"rhythm": AWAY}, {},
     {"until": "2026-06-06T10:00:00+00:00", "time_zone": "UTC"}),
    (terms.RESTING, {"rhythm": ASLEEP}, {},
     {"until": "2026-06-03T11:00:00+00:00", "time_zone": "UTC"}),
    (terms.OFF_HOURS, {"rhythm": OFF}, {},
     {"until": "2026-06-08T00:00:00+00:00", "time_zone": "UTC"}),
    (terms.BUSY, {"missions": 1}, {}, {"missions": 1, "limit": 1}),
    (terms.OFFERED, {"offered": True}, {}, {}),
    (terms.NO_SKILL, {}, {"skills": (("CIR", 3), ("LEG", 2))},
     {"missing": [["CIR", 3], ["LEG", 2]], "ended": {}}),
    (terms.NO_LANGUAGE, {}, {"languages": frozenset({"ar"})},
     {"wanted": ["ar"], "speaks": ["en", "fr"]}),
    (terms.NO_MODE, {}, {"mode": "on_site"}, {"wanted": "on_site", "accepts": ["remote"]}),
    (terms.NO_SCOPE, {"scope": "national", "country": "CH"}, {"country": "FR"},
     {"scope": "national"}),
    (terms.NO_SCOPE, {"scope": "regional", "region": "AFR"}, {"region": "TDC"},
     {"scope": "regional"}),
    (terms.CONFLICT, {}, {"country": "UA"}, {"with": ["UA"]}),
    (terms.AFFECTED, {}, {"affected": Area(*GENEVA, radius_km=200.0)}, {"distance_km": 130.2}),
    (terms.AFFECTED, {}, {"affected": Area(country="CH")}, {"country": "CH"}),
]  # fmt: skip


def test_nothing_speaks_against_somebody_who_fits() -> None:
    assert reason_against(SOMEBODY, NEED, NOW) is None


@pytest.mark.parametrize(("reason", "person", "wanted", "facts"), CASES)
def test_a_reason_is_given_with_its_facts(
    reason: str, person: Facts, wanted: Facts, facts: Facts
) -> None:
    profile, need = replace(SOMEBODY, **person), replace(NEED, **wanted)
    assert reason_against(profile, need, NOW) == reason
    assert detail_of(reason, profile, need, NOW) == facts


def test_of_several_reasons_the_first_of_the_list_is_given() -> None:
    profile, need, expected = SOMEBODY, NEED, []
    for reason, person, wanted, _ in reversed(CASES):
        if "rhythm" in person and reason != terms.AWAY:
            continue  # one calendar at a time
        profile, need = replace(profile, **person), replace(need, **wanted)
        expected.append(reason_against(profile, need, NOW))
    assert expected == [case[0] for case in reversed(CASES)
                        if case[0] not in {terms.RESTING, terms.OFF_HOURS}]  # fmt: skip


@pytest.mark.parametrize("rhythm", [AWAY, ASLEEP, OFF])
def test_what_the_clock_will_mend_is_not_held_against_who_is_waited_for(rhythm: Rhythm) -> None:
    assert reason_but_time(replace(SOMEBODY, rhythm=rhythm), NEED, NOW) is None
    full = replace(SOMEBODY, rhythm=rhythm, missions=1)
    assert reason_but_time(full, NEED, NOW) == terms.BUSY


def test_at_the_very_edge_of_the_affected_circle_one_is_inside() -> None:
    km = float(geodesic(GENEVA, BERN).km)
    for radius, reason in ((km, terms.AFFECTED), (math.nextafter(km, 0), None)):
        area = Area(*GENEVA, radius_km=radius)
        assert reason_against(SOMEBODY, replace(NEED, affected=area), NOW) == reason
