"""POST, GET and PATCH of /crises, to the letter of the contract."""

from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.models import CrisisRequest
from tests.dispatch.world import World
from tests.web.conftest import Call

REPORT: dict[str, Any] = {
    "office": "UA", "kind": "CYB", "severity": 1, "summary": "Ransomware on all servers.",
    "languages": ["en"],
}  # fmt: skip


def count(world: World) -> int:
    return world.session.scalar(select(func.count(CrisisRequest.id))) or 0


def test_filing_answers_201_with_the_place_and_the_body_of_get(world: World, call: Call) -> None:
    world.experts(2)
    focal = call(world.focal_point())
    answer = focal.post("/crises", REPORT)
    assert answer.status_code == 201
    body = answer.json
    assert body is not None
    assert answer.headers["Location"].endswith(f"/api/v1/crises/{body['ref']}")
    assert body == focal.get(f"/crises/{body['ref']}").json
    assert (body["status"], body["slots"], body["experts_needed"]) == ("searching", 1, 1)
    assert [event["event"] for event in body["timeline"]][:2] == ["filed", "offered"]


def test_what_is_left_out_is_filled_in_and_what_is_given_is_kept(world: World, call: Call) -> None:
    given = REPORT | {
        "impact": ["impaired_operations"], "services": ["PAT", "REC"], "skills": ["DRB:3", "LEG"],
        "mode": "remote", "experts_needed": 3, "lat": -89.5, "lon": 180, "place": "Ice",
        "affected_radius_km": 12.5, "local_experts_safe": True, "contact_name": "Olena",
        "contact_phone": "+380 44 123 45 67", "contact_email": "o@example.org", "exercise": True,
    }  # fmt: skip
    body = call(world.focal_point()).post("/crises", given).json
    assert body is not None
    told = {name: value for name, value in body.items() if name in given}
    assert told == given | {"contact_phone": "+380441234567", "skills": ["DRB:3", "LEG:2"]}
    bare = call(world.focal_point()).post("/crises", REPORT).json
    assert bare is not None
    assert (bare["mode"], bare["affected_radius_km"], bare["exercise"]) == ("either", None, False)
    assert (round(bare["lat"]), round(bare["lon"])) == (50, 31)


def test_a_repeated_key_is_answered_200_with_the_same_body(world: World, call: Call) -> None:
    world.experts(1)
    focal = call(world.focal_point())
    first = focal.post("/crises", REPORT, Idempotency_Key="k1")
    second = focal.post("/crises", REPORT, Idempotency_Key="k1")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert second.headers["Location"] == first.headers["Location"]
    assert count(world) == 1


def test_a_repeated_key_with_other_content_is_409(world: World, call: Call) -> None:
    focal = call(world.focal_point())
    focal.post("/crises", REPORT, Idempotency_Key="k1")
    other = focal.post("/crises", REPORT | {"severity": 2}, Idempotency_Key="k1")
    assert other.status_code == 409
    assert other.json is not None
    assert other.json["errors"][0]["field"] == "Idempotency-Key"
    assert count(world) == 1


def test_a_key_belongs_to_whoever_used_it(world: World, call: Call) -> None:
    one, other = call(world.focal_point()), call(world.focal_point())
    assert one.post("/crises", REPORT, Idempotency_Key="k").status_code == 201
    assert other.post("/crises", REPORT, Idempotency_Key="k").status_code == 201
    assert one.post("/crises", REPORT).status_code == 201
    assert one.post("/crises", REPORT).status_code == 201
    assert count(world) == 4
    too_long = one.post("/crises", REPORT, Idempotency_Key="k" * 201)
    assert too_long.status_code == 422


def test_every_field_that_cannot_be_used_is_named(world: World, call: Call) -> None:
    focal = call(world.focal_point())
    wrong = {
        "office": "UA", "kind": "FLU", "severity": 5, "summary": "", "skills": ["COOKING"],
        "services": ["NONE"], "languages": ["tlh"], "mode": "by boat", "experts_needed": 0,
        "lat": 91, "lon": "east", "contact_phone": "12", "exercise": "perhaps", "colour": "red",
        "place": "a\x00b",
    }  # fmt: skip
    answer = focal.post("/crises", wrong)
    assert answer.status_code == 422
    assert answer.json is not None
    assert {error["field"] for error in answer.json["errors"]} == set(wrong) - {"office"}
    assert all(error["detail"] for error in answer.json["errors"])
    missing = focal.post("/crises", {}).json
    assert missing is not None
    assert {error["field"] for error in missing["errors"]} == {
        "office", "kind", "severity", "summary",
    }  # fmt: skip
    assert count(world) == 0


@pytest.mark.parametrize(
    "value",
    [None, True, [], {}, "", 10**30, 1e308, -1, "\ud800", "\u0000", [[1]], {"a": 1}, "9" * 5000],
)
def test_no_value_of_any_type_is_a_fault_of_ours(world: World, call: Call, value: object) -> None:
    focal = call(world.focal_point())
    for name in [*REPORT, "skills", "services", "lat", "place", "contact_phone", "experts_needed",
                 "affected_radius_km", "mode", "impact", "exercise", "language"]:  # fmt: skip
        answer = focal.post("/crises", REPORT | {name: value})
        assert answer.status_code in {201, 400, 422}, (name, value)


def test_a_focal_point_files_for_the_own_office_only(world: World, call: Call) -> None:
    assert call(world.focal_point("FR")).post("/crises", REPORT).status_code == 403
    assert call(world.officer()).post("/crises", REPORT).status_code == 201
    assert call(world.person("vetter")).post("/crises", REPORT).status_code == 403
    assert call().post("/crises", REPORT).status_code == 401
    assert count(world) == 1


def test_the_list_is_paged_newest_first_and_holds_what_one_may_see(
    world: World, call: Call
) -> None:
    mine = [world.file(summary=f"{number}").ref for number in range(3)]
    theirs = world.file(office="FR").ref
    focal = call(world.focal_point())
    first = focal.get("/crises?per_page=2").json
    assert first is not None
    assert [one["ref"] for one in first["crises"]] == mine[:0:-1]
    assert (first["total"], first["page"], first["per_page"]) == (3, 1, 2)
    rest = focal.get(first["next"].removeprefix("/api/v1")).json
    assert rest is not None
    assert [one["ref"] for one in rest["crises"]] == mine[:1]
    assert rest["next"] is None
    seen = call(world.officer()).get("/crises").json
    assert seen is not None
    assert theirs in [one["ref"] for one in seen["crises"]]
    unfilled = focal.get("/crises?status=unfilled").json
    assert unfilled is not None
    assert unfilled["total"] == 3
    for wrong in ("page=0", "page=x", "per_page=101", "status=new", "page=%00", "page=²"):
        assert focal.get(f"/crises?{wrong}").status_code == 422


def test_a_request_of_another_office_is_not_there(world: World, call: Call) -> None:
    request = world.file()
    stranger = call(world.focal_point("FR"))
    assert stranger.get(f"/crises/{request.ref}").status_code == 404
    assert stranger.patch(f"/crises/{request.ref}", {"severity": 2}).status_code == 404
    assert stranger.post(f"/crises/{request.ref}/cancel", {"reason": "x"}).status_code == 404
    assert stranger.post(f"/crises/{request.ref}/close").status_code == 404
    for wrong in ("x" * 26, "x", "%00", "A" * 26, "%ff", "' OR 1=1"):
        assert stranger.get(f"/crises/{wrong}").status_code == 404


def test_amending_withdraws_offers_of_those_who_no_longer_qualify(world: World, call: Call) -> None:
    english, french = world.expert(1), world.expert(2, languages=("fr",))
    focal = call(world.focal_point())
    ref = (focal.post("/crises", REPORT).json or {})["ref"]
    answer = focal.patch(f"/crises/{ref}", {"languages": ["fr"], "summary": "Now worse"})
    assert answer.status_code == 200
    body = answer.json
    assert body is not None
    assert (body["languages"], body["summary"]) == (["fr"], "Now worse")
    assert [offer["status"] for offer in body["offers"]] == ["withdrawn", "open"]
    assert world.offer_to(french).status == "open"
    assert world.offer_to(english).status == "withdrawn"
    for wrong in ({"office": "FR"}, {"severity": 0}, {"colour": "red"}, {"exercise": True}):
        refused = focal.patch(f"/crises/{ref}", wrong)
        assert refused.status_code == 422
        assert [error["field"] for error in (refused.json or {})["errors"]] == list(wrong)
    focal.post(f"/crises/{ref}/cancel", {"reason": "over"})
    assert focal.patch(f"/crises/{ref}", {"severity": 2}).status_code == 409
