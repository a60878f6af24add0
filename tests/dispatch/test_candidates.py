"""Who would be asked, and why others would not: for the duty officer and the API."""

from datetime import timedelta
from typing import Any

from geopy.distance import geodesic
from sqlalchemy import func, select

from core.db import writing
from dispatch import answers
from dispatch.choosing import candidates
from dispatch.models import Offer
from roster.models import Expert
from tests.dispatch.world import SEAT, World


def _look(world: World, request: Any) -> dict[str, Any]:
    return candidates.describe(world.session, request, world.now, limit=50)


def test_candidates_come_in_geopys_order_with_distances_and_facts(world: World) -> None:
    for east in (7.0, 1.0, 3.0, 5.0):
        world.expert(east)
    seen = _look(world, world.file())["candidates"]
    assert [one["rank"] for one in seen] == [1, 2, 3, 4]
    truth = [round(geodesic(SEAT, (SEAT[0], SEAT[1] + east)).km, 1) for east in (1, 3, 5, 7)]
    assert [one["distance_km"] for one in seen] == truth
    assert seen[0]["facts"]["skills"]["CIR"] == 2


def test_whoever_was_asked_for_this_request_is_marked_and_still_listed(world: World) -> None:
    first, second = world.experts(2)
    request = world.file()
    seen = _look(world, request)["candidates"]
    assert [(one["expert"], one["asked"]) for one in seen] == [
        (first.public_id, True), (second.public_id, False),
    ]  # fmt: skip
    with writing() as session:
        offer = session.scalars(select(Offer)).one()
        answers.answer_offer(session, offer, accept=False, received_at=world.now, via="sms")
    assert [one["asked"] for one in _look(world, request)["candidates"]] == [True, True]


def test_an_offer_of_another_request_excludes(world: World) -> None:
    first, second = world.experts(2)
    world.file()
    request = world.file(world.focal_point("FR"), office="FR")
    seen = _look(world, request)
    assert [one["expert"] for one in seen["candidates"]] == [second.public_id]
    assert seen["excluded"]["counts"] == {"other_offer": 1}
    assert seen["excluded"]["nearest"][0]["expert"] == first.public_id


def test_every_exclusion_has_its_reason(world: World) -> None:
    now = world.now
    wrong: dict[str, dict[str, Any]] = {
        "not_vetted": {"status": "suspended", "validated_at": now},
        "not_valid": {"valid_until": (now - timedelta(days=2)).date()},
        "opted_out": {"opted_out_at": now},
        "away": {"away": [(now - timedelta(days=1), None)]},
        "at_limit": {"max_missions": 0},
        "scope": {"scope": "national"},
        "skill": {"skills": {"LEG": 3}},
        "language": {"languages": ("uk",)},
        "mode": {"remote": False, "on_site": False},
        "conflict": {"conflicts": ("UA",)},
    }
    people = {
        why: world.expert(1 + place, **said) for place, (why, said) in enumerate(wrong.items())
    }
    request = world.file()
    assert request.status == "unfilled"
    seen = _look(world, request)
    assert seen["candidates"] == []
    assert seen["excluded"]["counts"] == dict.fromkeys(wrong, 1)
    found = {one["reason"]: one["expert"] for one in seen["excluded"]["nearest"]}
    assert found == {why: expert.public_id for why, expert in people.items()}


def test_experts_in_the_affected_area_are_asked_only_where_they_are_safe(world: World) -> None:
    local = world.expert(0.1)
    far = world.expert(3.0)
    shaken = world.file(kind="NAT", skills=["BCP"], local_experts_safe=None)
    assert world.ladder(shaken) == [(far.name, "open")]
    assert _look(world, shaken)["excluded"]["counts"] == {"affected_area": 1}
    calm = world.file(kind="NAT", skills=["BCP"], local_experts_safe=True)
    assert world.ladder(calm) == [(local.name, "open")]


def test_looking_changes_nothing(world: World) -> None:
    world.experts(2)
    request = world.file()
    _look(world, request)
    assert world.session.scalar(select(func.count(Offer.id))) == 1
    assert world.session.scalar(select(func.count(Expert.id))) == 2


def test_what_is_left_out_follows_from_the_office_and_the_kind(world: World) -> None:
    speaks = world.expert(2, languages=("uk",), skills={"CIR": 2})
    world.expert(1, languages=("ar",))
    request = world.file(languages=None)
    assert world.ladder(request) == [(speaks.name, "open")], "the office's own languages"
    lead = world.expert(3, skills={"LEG": 2}, languages=("uk",))
    unrest = world.file(kind="POL", languages=None)
    assert world.ladder(unrest) == [(lead.name, "open")], "the lead skill of the kind"


def test_a_team_covers_the_skills_that_the_kind_wants(world: World) -> None:
    lead = world.expert(1, skills={"CIR": 2})
    world.expert(2, skills={"CIR": 2})
    gov = world.expert(3, skills={"CIR": 2, "GOV": 2, "DRB": 2})
    request = world.file(experts_needed=2)
    assert [name for name, _ in world.ladder(request)] == [lead.name, gov.name]


def test_a_remote_mission_asks_for_fit_before_distance(world: World) -> None:
    world.expert(1, skills={"CIR": 2})
    fit = world.expert(60, skills={"CIR": 2, "DRB": 2, "CMT": 2})
    request = world.file(mode="remote")
    assert world.ladder(request) == [(fit.name, "open")]
