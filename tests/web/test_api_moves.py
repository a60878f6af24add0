"""The moves over the API: confirm, pause, resume, cancel, close, withdraw, choose."""

from core.clock import now
from core.db import writing
from dispatch.answers import answer_offer
from tests.dispatch.world import World
from tests.web.conftest import Call
from tests.web.visitors import Program


def status(program: Program, ref: str) -> str:
    return str((program.get(f"/crises/{ref}").json or {})["status"])


def test_a_strangers_request_is_confirmed_by_a_duty_officer(world: World, call: Call) -> None:
    world.experts(1)
    ref = world.file_as(None).request.ref
    officer = call(world.officer())
    assert status(officer, ref) == "awaiting_confirmation"
    for early in ("pause", "resume", "close"):
        assert officer.post(f"/crises/{ref}/{early}").status_code == 409
    confirmed = officer.post(f"/crises/{ref}/confirm")
    assert confirmed.status_code == 200
    assert (confirmed.json or {})["status"] == "searching"
    assert len((confirmed.json or {})["offers"]) == 1
    again = officer.post(f"/crises/{ref}/confirm")
    assert again.status_code == 409
    assert (again.json or {})["state"] == "searching"


def test_pause_resume_cancel(world: World, call: Call) -> None:
    world.experts(1)
    ref = world.file().ref
    officer = call(world.officer())
    assert (officer.post(f"/crises/{ref}/pause").json or {})["status"] == "paused"
    assert officer.post(f"/crises/{ref}/pause").status_code == 409
    assert (officer.post(f"/crises/{ref}/resume").json or {})["status"] == "searching"
    for wrong in ({}, {"reason": ""}, {"reason": "  "}, {"reason": 5}, {"reason": "x" * 501},
                  {"reason": "a\x00b"}):  # fmt: skip
        refused = officer.post(f"/crises/{ref}/cancel", wrong)
        assert refused.status_code == 422
        assert [error["field"] for error in (refused.json or {})["errors"]] == ["reason"]
    cancelled = officer.post(f"/crises/{ref}/cancel", {"reason": "false alarm"})
    assert (cancelled.json or {})["status"] == "cancelled"
    assert [offer["status"] for offer in (cancelled.json or {})["offers"]] == ["withdrawn"]
    assert officer.post(f"/crises/{ref}/cancel", {"reason": "x"}).status_code == 409
    assert officer.post(f"/crises/{ref}/resume").status_code == 409


def test_an_office_cancels_and_closes_its_own_and_makes_no_other_move(
    world: World, call: Call
) -> None:
    [expert] = world.experts(1)
    ref = world.file().ref
    focal = call(world.focal_point())
    for move in ("confirm", "pause", "resume"):
        assert focal.post(f"/crises/{ref}/{move}").status_code == 403
    offer = world.offer_to(expert)
    path = f"/offers/{offer.public_id}/withdraw"
    assert focal.post(path, {"reason": "x"}).status_code == 403
    choice = {"expert": expert.public_id, "reason": "x"}
    assert focal.post(f"/crises/{ref}/offers", choice).status_code == 403
    with writing() as session:
        answer_offer(session, offer, accept=True, received_at=now(), via="link")
    assert focal.post(f"/crises/{ref}/close").status_code == 200
    assert status(focal, ref) == "closed"
    other = world.file().ref
    assert focal.post(f"/crises/{other}/cancel", {"reason": "over"}).status_code == 200


def test_withdrawing_an_offer_once(world: World, call: Call) -> None:
    first, second = world.experts(2)
    request = world.file()
    officer = call(world.officer())
    path = f"/offers/{world.offer_to(first).public_id}/withdraw"
    assert officer.post(path, {}).status_code == 422
    withdrawn = officer.post(path, {"reason": "phone is off"})
    assert (withdrawn.status_code, (withdrawn.json or {})["status"]) == (200, "withdrawn")
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]
    assert officer.post(path, {"reason": "again"}).status_code == 409
    for unknown in ("x" * 26, "nothing", "%00"):
        assert officer.post(f"/offers/{unknown}/withdraw", {"reason": "x"}).status_code == 404


def test_a_duty_officers_own_choice(world: World, call: Call) -> None:
    first, _second, third = world.experts(3)
    french = world.expert(9, languages=("fr",))
    request = world.file()
    officer, path = call(world.officer()), f"/crises/{request.ref}/offers"
    made = officer.post(path, {"expert": third.public_id, "reason": "knows them"})
    assert made.status_code == 201
    assert (made.json or {})["expert"] == third.public_id
    assert world.ladder(request) == [(first.name, "open"), (third.name, "open")]
    refused = officer.post(path, {"expert": french.public_id, "reason": "x"})
    assert (refused.status_code, (refused.json or {})["reason"]) == (409, "language")
    for wrong, field in (
        ({"reason": "x"}, "expert"), ({"expert": third.public_id}, "reason"),
        ({"expert": "x" * 26, "reason": "x"}, "expert"), ({"expert": 7, "reason": "x"}, "expert"),
    ):  # fmt: skip
        named = officer.post(path, wrong)
        assert named.status_code == 422
        assert [error["field"] for error in (named.json or {})["errors"]] == [field]
    officer.post(f"/crises/{request.ref}/cancel", {"reason": "over"})
    late = officer.post(path, {"expert": third.public_id, "reason": "x"})
    assert late.status_code == 409
