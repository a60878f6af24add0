"""Who sees what of a request over the API: offices know nobody before they have accepted."""

from core.clock import now
from core.db import writing
from dispatch.answers import answer_offer
from dispatch.models import Offer
from tests.dispatch.world import World
from tests.web.conftest import Call


def say(offer: Offer, yes: bool) -> None:
    with writing() as session:
        answer_offer(session, offer, accept=yes, received_at=now(), via="link")


def test_an_office_sees_bands_and_nobody_before_they_accept(world: World, call: Call) -> None:
    near, middle, far = world.expert(1), world.expert(6), world.expert(60)
    request = world.file(experts_needed=3)
    focal, path = call(world.focal_point()), f"/crises/{request.ref}"
    body = focal.get(path).json
    assert body is not None
    assert [offer["expert"] for offer in body["offers"]] == [None] * 3
    assert [offer["distance_km"] for offer in body["offers"]] == [None] * 3
    assert [offer["distance_band"] for offer in body["offers"]] == [
        "under_250", "250_1000", "over_1000",
    ]  # fmt: skip
    text = focal.get(path).text
    for one in (near, middle, far):
        assert not {one.public_id, one.name, one.phone, one.email} & set(text.split('"'))
    say(world.offer_to(middle), yes=True)
    say(world.offer_to(near), yes=False)
    body = focal.get(path).json
    assert body is not None
    assert [offer["expert"] for offer in body["offers"]] == [None, middle.public_id, None]
    [mission] = body["missions"]
    assert (mission["name"], mission["phone"]) == (middle.name, middle.phone)
    assert mission["expert"] == middle.public_id
    assert near.name not in focal.get(path).text


def test_staff_see_who_was_asked_and_how_far_they_are(world: World, call: Call) -> None:
    near = world.expert(1)
    request = world.file()
    for role in ("duty_officer", "auditor"):
        body = call(world.person(role)).get(f"/crises/{request.ref}").json
        assert body is not None
        [offer] = body["offers"]
        assert offer["expert"] == near.public_id
        assert offer["distance_km"] == 71.0
        assert (offer["rank"], offer["status"], offer["delivery"]) == (1, "open", "queued")
        assert (offer["sent_at"], offer["answered_at"], offer["channel"]) == (None, None, "sms")
        assert offer["deadline"].endswith("Z")
        assert isinstance(body["slots"], int)


def test_what_was_sent_and_answered_is_told(world: World, call: Call) -> None:
    [expert] = world.experts(1)
    request = world.file()
    offer = world.offer_to(expert)
    with writing() as session:
        attempt = session.get_one(Offer, offer.id).attempts[0]
        attempt.status, attempt.sent_at = "delivered", now()
    say(world.offer_to(expert), yes=True)
    body = call(world.focal_point()).get(f"/crises/{request.ref}").json
    assert body is not None
    [told] = body["offers"]
    assert (told["delivery"], told["channel"], told["status"]) == ("delivered", "sms", "accepted")
    assert told["sent_at"] <= told["answered_at"]
    assert body["time_to_first_offer_s"] >= 0
    events = [event["event"] for event in body["timeline"]]
    assert {"filed", "offered", "sent", "accepted"} <= set(events)
    assert body["status"] == "assigned"


def test_when_the_mission_is_over_the_phone_is_gone(world: World, call: Call) -> None:
    [expert] = world.experts(1)
    request = world.file()
    say(world.offer_to(expert), yes=True)
    focal = call(world.focal_point())
    body = focal.post(f"/crises/{request.ref}/close").json
    assert body is not None
    assert body["status"] == "closed"
    assert expert.phone not in focal.get(f"/crises/{request.ref}").text


def test_roles_without_a_part_in_it_see_nothing(world: World, call: Call) -> None:
    request = world.file()
    for role in ("vetter", "admin", "expert"):
        program = call(world.person(role))
        assert program.get("/crises").status_code == 403
        assert program.get(f"/crises/{request.ref}").status_code == 403
    assert call().get(f"/crises/{request.ref}").status_code == 401


def test_candidates_are_everybody_who_passes_with_the_reasons_of_the_rest(
    world: World, call: Call
) -> None:
    first, second = world.experts(2)
    french = world.expert(3, languages=("fr",))
    request = world.file()
    program, path = call(world.officer()), f"/crises/{request.ref}/candidates"
    body = program.get(path).json
    assert body is not None
    assert [
        (one["expert"], one["rank"], one["distance_km"], one["asked"]) for one in body["candidates"]
    ] == [(first.public_id, 1, 71.0, True), (second.public_id, 2, 142.0, False)]
    assert body["excluded"]["counts"] == {"language": 1}
    [left_out] = body["excluded"]["nearest"]
    assert (left_out["expert"], left_out["reason"]) == (french.public_id, "language")
    assert left_out["sentence"] == "speaks none of: English"
    assert left_out["detail"]["speaks"] == ["fr"]
    limited = program.get(f"{path}?limit=1").json
    assert limited is not None
    assert len(limited["candidates"]) == 1
    for wrong in ("0", "1001", "many", "-1"):
        assert program.get(f"{path}?limit={wrong}").status_code == 422
    assert call(world.person("auditor")).get(path).status_code == 200
    assert call(world.focal_point()).get(path).status_code == 403


def test_offices_experts_and_coverage_are_for_those_whose_role_may_see_them(
    world: World, call: Call
) -> None:
    expert = world.expert(1, name="Éva Kovács")
    officer = call(world.officer())
    offices = officer.get("/offices").json
    assert offices is not None
    assert offices["total"] == len(offices["offices"]) == 200
    experts = officer.get(f"/experts?status={expert.status}&per_page=1").json
    assert experts is not None
    [told] = experts["experts"]
    assert (told["id"], told["name"], told["available"]) == (expert.public_id, "Éva Kovács", "yes")
    assert "phone" not in told
    assert "email" not in told
    assert officer.get("/experts?status=%00").status_code == 422
    coverage = officer.get("/coverage").json
    assert coverage is not None
    [counted] = [one for one in coverage["regions"] if one["region"] == expert.region]
    assert (counted["qualified"], counted["deployable_now"]) == (1, 1)
    focal = call(world.focal_point())
    assert focal.get("/offices").status_code == 200
    assert focal.get("/experts").status_code == 403
    assert focal.get("/coverage").status_code == 403
