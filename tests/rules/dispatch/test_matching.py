"""The order in which candidates are asked, and how several seats cover the wanted skills."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.rules.matching import choose_team, distance_band, rank
from roster.rules.terms import Candidate, Mode

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_candidate(number: int, km: float, *desired: str, **facts: Any) -> Candidate:
    values: dict[str, Any] = {"load": 0, "last_offered": None} | facts
    return Candidate(number, f"x{number}", f"Expert {number}", km, desired=desired, **values)


def ids(candidates: list[Candidate]) -> list[int]:
    return [candidate.id for candidate in candidates]


CANDIDATES = st.builds(
    a_candidate,
    st.integers(1, 10**6),
    st.sampled_from([0.0, 10.0, 10.000000000000002, 500.0]) | st.floats(0, 20_004),
    load=st.integers(0, 3),
    last_offered=st.none() | st.integers(0, 9).map(lambda days: NOON - timedelta(days=days)),
    speaks_own_language=st.booleans(),
    awake=st.booleans(),
)
CROWDS = st.lists(CANDIDATES, max_size=12, unique_by=lambda candidate: candidate.id)


@pytest.mark.parametrize("mode", ["on_site", "either"])
def test_nobody_goes_before_somebody_nearer(mode: Mode) -> None:
    far = a_candidate(1, 10.000000000000002, "BCP", "COM", speaks_own_language=True)
    near = a_candidate(2, 10.0, load=3, last_offered=NOON, awake=False)
    assert ids(rank([far, near], mode)) == [2, 1]


def test_at_equal_distance_load_then_rest_then_id_decide() -> None:
    crowd = [
        a_candidate(1, 10.0, load=1),
        a_candidate(2, 10.0, last_offered=NOON),
        a_candidate(3, 10.0, last_offered=NOON - timedelta(days=3)),
        a_candidate(5, 10.0),
        a_candidate(4, 10.0),
    ]
    assert ids(rank(crowd, "on_site")) == [4, 5, 3, 2, 1]


def test_a_remote_mission_goes_by_skills_language_waking_and_then_distance() -> None:
    crowd = [
        a_candidate(1, 1.0),
        a_candidate(2, 9000.0, "COM", "LEG", awake=False),
        a_candidate(3, 9000.0, "COM"),
        a_candidate(4, 8000.0, "COM", awake=False, speaks_own_language=True),
        a_candidate(5, 7000.0, "COM", awake=False),
        a_candidate(6, 9500.0, "COM"),
    ]
    assert ids(rank(crowd, "remote")) == [2, 4, 3, 6, 5, 1]


@given(crowd=CROWDS, mode=st.sampled_from(["on_site", "either", "remote"]), seed=st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(
    crowd: list[Candidate], mode: Mode, seed: random.Random
) -> None:
    shuffled = list(crowd)
    seed.shuffle(shuffled)
    assert ids(rank(crowd, mode)) == ids(rank(shuffled, mode))


@given(crowd=CROWDS)
def test_distances_never_fall_down_the_list(crowd: list[Candidate]) -> None:
    distances = [candidate.distance_km for candidate in rank(crowd, "either")]
    assert distances == sorted(distances)


COVER = [frozenset({"COM"}), frozenset({"LEG"}), frozenset({"DRB", "CIR", "IPA"})]


def test_one_slot_never_sends_somebody_farther_first() -> None:
    crowd = [a_candidate(1, 1.0), a_candidate(2, 2.0, "COM", "LEG", "DRB")]
    assert ids(choose_team(crowd, 1, slots=1, cover=COVER)) == [1]
    assert ids(choose_team(crowd, 2, slots=1, cover=COVER)) == [1, 2]


def test_several_slots_are_filled_so_that_the_team_covers_what_is_wanted() -> None:
    crowd = [
        a_candidate(1, 1.0, "COM"),
        a_candidate(2, 2.0, "COM"),
        a_candidate(3, 3.0, "LEG"),
        a_candidate(4, 4.0, "LEG", "CIR"),
    ]
    assert ids(choose_team(crowd, 2, slots=2, cover=COVER)) == [1, 4]
    assert ids(choose_team(crowd, 3, slots=3, cover=COVER)) == [1, 4, 2]


def test_any_one_skill_of_a_set_covers_it() -> None:
    crowd = [a_candidate(1, 1.0, "CIR"), a_candidate(2, 2.0, "IPA"), a_candidate(3, 3.0, "COM")]
    assert ids(choose_team(crowd, 2, slots=2, cover=COVER)) == [1, 3]


def test_the_nearest_is_asked_first_even_if_others_know_more() -> None:
    crowd = [a_candidate(1, 1.0), a_candidate(2, 2.0, "COM", "LEG")]
    assert ids(choose_team(crowd, 2, slots=2, cover=COVER))[0] == 1


def test_without_anything_to_cover_the_nearest_are_taken() -> None:
    crowd = [a_candidate(number, float(number), "COM") for number in range(1, 6)]
    assert ids(choose_team(crowd, 3, slots=3)) == [1, 2, 3]
    assert ids(choose_team(crowd, 3, slots=3, cover=[frozenset({"FIN"})])) == [1, 2, 3]


def test_a_seat_that_is_taken_counts_for_what_is_covered() -> None:
    crowd = [a_candidate(1, 1.0, "COM"), a_candidate(2, 2.0, "LEG")]
    team = choose_team(crowd, 1, slots=2, cover=COVER, taken=[("COM", "DRB")])
    assert ids(team) == [2]


def test_a_wider_wave_is_made_of_whole_teams() -> None:
    crowd = [
        a_candidate(1, 1.0, "COM"),
        a_candidate(2, 2.0, "COM"),
        a_candidate(3, 3.0, "LEG"),
        a_candidate(4, 4.0, "LEG"),
    ]
    assert ids(choose_team(crowd, 4, slots=2, cover=COVER)) == [1, 3, 2, 4]


def test_a_second_team_covers_again_what_the_first_has_covered() -> None:
    skilled = {1: ("COM", "LEG"), 5: ("LEG",)}
    crowd = [a_candidate(number, 1.0, *skilled.get(number, ())) for number in range(1, 6)]
    assert ids(choose_team(crowd, 4, slots=2, cover=COVER)) == [1, 2, 3, 5]


@given(crowd=CROWDS, wanted=st.integers(0, 15), slots=st.integers(1, 4))
def test_a_team_is_as_many_different_candidates_as_there_are(
    crowd: list[Candidate], wanted: int, slots: int
) -> None:
    chosen = choose_team(rank(crowd, "either"), wanted, slots=slots, cover=COVER)
    assert len(set(ids(chosen))) == len(chosen) == min(wanted, len(crowd))


@pytest.mark.parametrize(
    ("km", "band"),
    [
        (0, "under_250"),
        (249.99, "under_250"),
        (250, "250_1000"),
        (1000, "250_1000"),
        (1000.01, "over_1000"),
        (20_000, "over_1000"),
    ],
)
def test_offices_see_distances_as_bands(km: float, band: str) -> None:
    assert distance_band(km) == band
