"""Coverage, indispensable experts and whom to recruit, against the slow and obvious way."""

from functools import cache
from itertools import combinations, product

from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.rules import gaps, recruiting
from roster.rules.gaps import Crew, Site
from roster.rules.recruiting import Pick, Town

SKILLS = ("BCP", "CIR", "LEG")
KINDS = (("PAND", "BCP"), ("OTH", "BCP"), ("CYB", "CIR"), ("POL", "LEG"))
TONGUES = ("en", "fr", "sw", "ar")
CODES = ("KE", "FR", "UA")
# About 2,500 km from one another some of them, the antimeridian and the poles among them.
SPOTS = (
    (-1.29, 36.82), (14.69, -17.44), (48.85, 2.35), (50.45, 30.52), (-17.7, 178.8),
    (-13.8, -171.8), (90.0, 0.0), (-90.0, 12.0), (0.0, 180.0), (0.0, -180.0),
)  # fmt: skip
Profile = tuple[int, tuple[str, ...], tuple[str, ...]]
KM = (0.0, 1000.0, 2500.0, 5000.0, 30_000.0)

points = st.one_of(
    st.sampled_from(SPOTS), st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)  # fmt: skip
some_tongues = st.frozensets(st.sampled_from(TONGUES), min_size=1, max_size=3)
sites_given = st.lists(
    st.builds(
        lambda spot, spoken, codes: Site(*spot, spoken, codes),
        points, some_tongues, st.frozensets(st.sampled_from(CODES), max_size=1),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@cache
def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(geodesic(one, other).km)


class Member:
    """One expert, plainly: what the rules get as columns."""

    def __init__(
        self,
        spot: tuple[float, float],
        skills: frozenset[str],
        spoken: frozenset[str],
        conflicts: frozenset[str],
    ) -> None:
        self.spot, self.skills, self.spoken, self.conflicts = spot, skills, spoken, conflicts

    def covers(self, site: Site, skill: str, km: float) -> bool:
        return (
            skill in self.skills
            and bool(self.spoken & site.languages)
            and not self.conflicts & site.codes
            and km_between(self.spot, (site.lat, site.lon)) <= km
        )


members = st.lists(
    st.builds(
        Member, points, st.frozensets(st.sampled_from(SKILLS)), some_tongues,
        st.frozensets(st.sampled_from(CODES), max_size=1),
    ),
    max_size=7,
)  # fmt: skip


def crew_of(people: dict[int, Member]) -> Crew:
    return Crew(
        [(key, *one.spot) for key, one in people.items()],
        [(key, code) for key, one in people.items() for code in (*one.skills, "NONE")],
        [(key, code) for key, one in people.items() for code in (*one.spoken, "tlh")],
        [(key, code) for key, one in people.items() for code in (*one.conflicts, "ZZ")],
    )


def gaps_of(people: dict[int, Member], sites: list[Site], km: float) -> set[tuple[int, str]]:
    """Every (site, kind) for which nobody is there, the slow way."""
    return {
        (number, kind)
        for (number, site), (kind, skill) in product(enumerate(sites), KINDS)
        if not any(one.covers(site, skill, km) for one in people.values())
    }


def numbered(people: list[Member]) -> dict[int, Member]:
    return {7 + 3 * number: one for number, one in enumerate(people)}


@settings(max_examples=80)
@given(sites_given, members, st.sampled_from(KM))
def test_gaps_and_indispensable_experts_are_those_that_removing_each_in_turn_shows(
    sites: list[Site], given_members: list[Member], km: float
) -> None:
    people = numbered(given_members)
    covered = gaps.cover(sites, SKILLS, crew_of(people), km)
    now = gaps_of(people, sites, km)
    assert set(gaps.open_gaps(covered, KINDS)) == now
    expected = {
        key: left
        for key in people
        if (left := gaps_of({k: one for k, one in people.items() if k != key}, sites, km) - now)
    }
    found = gaps.indispensable(covered, KINDS)
    assert {one.expert: set(one.gaps) for one in found} == expected
    sizes = [(len(one.offices), len(one.gaps)) for one in found]
    assert sizes == sorted(sizes, reverse=True)


def test_the_distance_is_held_to_the_last_digit_at_its_very_edge() -> None:
    nairobi = Site(-1.2864, 36.8172, frozenset({"en"}))
    for spot in SPOTS[1:]:
        km = float(geodesic((nairobi.lat, nairobi.lon), spot).km)
        crew = crew_of({1: Member(spot, frozenset({"BCP"}), frozenset({"en"}), frozenset())})
        for reach, expected in ((km, 1), (km - 1e-9, 0)):
            assert gaps.cover([nairobi], ["BCP"], crew, reach).counts.tolist() == [[expected]]


def test_more_people_than_fit_into_one_block_are_counted_like_few() -> None:
    site = Site(0.0, 0.0, frozenset({"en"}))
    far, near = (
        Member((0.0, lon), frozenset({"BCP"}), frozenset({"en"}), frozenset())
        for lon in (99.0, 1.0)
    )
    last = 2 * gaps.BLOCK
    people = dict.fromkeys(range(1, last), far) | {last: near}
    for km in (500.0, km_between((0.0, 1.0), (0.0, 0.0))):  # surely within, and by a hair
        covered = gaps.cover([site], ["BCP"], crew_of(people), km)
        assert [one.expert for one in gaps.indispensable(covered, [("OTH", "BCP")])] == [last]


def test_who_closes_two_kinds_with_one_skill_comes_before_who_closes_one() -> None:
    one, two = (Site(0.0, lon, frozenset({"en"})) for lon in (0.0, 90.0))
    people = {
        1: Member((0.0, 0.0), frozenset({"BCP", "LEG"}), frozenset({"en"}), frozenset()),
        2: Member((0.0, 90.0), frozenset({"CIR", "LEG"}), frozenset({"en"}), frozenset()),
    }
    covered = gaps.cover([one, two], SKILLS, crew_of(people), 500)
    picks = recruiting.recruit(covered, KINDS, [Town(0.0, 0.0), Town(0.0, 90.0)])
    assert [(pick.town, pick.skills, pick.left) for pick in picks] == [
        (1, ("BCP",), 1), (0, ("CIR",), 0),
    ]  # fmt: skip


def test_of_two_who_close_as_much_the_one_who_needs_less_comes_first() -> None:
    sites = [
        Site(0.0, 0.0, frozenset({"en"})), Site(0.0, 1.0, frozenset({"fr"})),
        Site(0.0, 90.0, frozenset({"ar"})), Site(0.0, 91.0, frozenset({"ar"})),
    ]  # fmt: skip
    covered = gaps.cover(sites, ["LEG"], Crew([], [], []), 500)
    [first, second] = recruiting.recruit(
        covered, [("POL", "LEG")], [Town(0.0, 0.0), Town(0.0, 90.0)]
    )
    assert (first.town, first.languages, first.left) == (1, ("ar",), 2)
    assert (second.town, second.languages, second.left) == (0, ("en", "fr"), 0)


def closed_by(
    profile: Profile,
    open_now: set[tuple[int, str]], sites: list[Site], towns: list[Town], km: float,
) -> set[tuple[int, str]]:  # fmt: skip
    town, skills, spoken = profile
    home = (towns[town].lat, towns[town].lon)
    person = Member(home, frozenset(skills), frozenset(spoken), frozenset())
    return {
        (site, kind) for site, kind in open_now if person.covers(sites[site], dict(KINDS)[kind], km)
    }


def profiles_of(sites: list[Site], towns: list[Town]) -> list[Profile]:
    """Every profile there is, in the order in which ties are decided; no language is left out."""
    said = [code for site in sites for code in site.languages]
    widest = sorted({*said}, key=lambda code: (-said.count(code), code))
    tongues = [some for size in (1, 2) for some in combinations(widest, size)]
    skills = [some for size in (1, 2) for some in combinations(range(len(SKILLS)), size)]
    ordered = sorted(
        (len(able) + len(spoken), town, able, number, spoken)
        for able in skills
        for number, spoken in enumerate(tongues)
        for town in range(len(towns))
    )
    return [(town, tuple(SKILLS[n] for n in able), spoken) for _, town, able, _, spoken in ordered]


def naive_greedy(
    open_now: set[tuple[int, str]], sites: list[Site], towns: list[Town], km: float, picks: int
) -> list[tuple[Profile, set[tuple[int, str]]]]:
    found = []
    profiles = profiles_of(sites, towns)
    for _ in range(picks):
        uses = [(closed_by(one, open_now, sites, towns, km), one) for one in profiles]
        closed, best = max(uses, key=lambda pair: len(pair[0]), default=(set(), None))
        if not closed or best is None:
            break
        open_now = open_now - closed
        found.append((best, closed))
    return found


def plain(pick: Pick) -> tuple[Profile, set[tuple[int, str]]]:
    return (pick.town, pick.skills, pick.languages), set(pick.closes)


@settings(max_examples=40)
@given(
    sites_given, members, st.lists(points.map(lambda spot: Town(*spot)), max_size=3),
    st.sampled_from(KM),
)  # fmt: skip
def test_whom_to_recruit_is_what_trying_every_profile_finds_step_by_step(
    sites: list[Site], given_members: list[Member], towns: list[Town], km: float
) -> None:
    covered = gaps.cover(sites, SKILLS, crew_of(numbered(given_members)), km)
    open_now = set(gaps.open_gaps(covered, KINDS))
    picks = recruiting.recruit(covered, KINDS, towns, 3)
    assert [plain(pick) for pick in picks] == naive_greedy(open_now, sites, towns, km, 3)
    closed = [len(pick.closes) for pick in picks]
    assert [pick.left for pick in picks] == [
        len(open_now) - sum(closed[: n + 1]) for n in range(len(closed))
    ]
    uses = {
        frozenset(closed_by(one, open_now, sites, towns, km)) for one in profiles_of(sites, towns)
    }
    best_two = max((len(one | two) for one, two in product(uses, uses)), default=0)
    assert sum(closed[:2]) >= 0.75 * best_two  # 1 − (1 − 1/2)²
