"""The same form sent twice at the same moment, by an impatient thumb or a shaky line."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dispatch.models import CrisisRequest, Offer
from tests.dispatch.world import World
from tests.web.conftest import Call, Visit
from tests.web.visitors import Visitor, filled_in

AT_ONCE = 4


def test_sent_several_times_at_once_it_is_one_request(
    app: Flask, world: World, visit: Visit
) -> None:
    world.experts(3)
    focal = visit(world.focal_point())
    typed = filled_in(focal.get("/crisis/new"))
    cookie = focal.client.get_cookie("session")
    assert cookie is not None
    start = Barrier(AT_ONCE)

    def send(_number: int) -> TestResponse:
        hand = Visitor(app)
        hand.client.set_cookie("session", cookie.value)
        start.wait()
        return hand.client.post("/crisis/new", data=typed)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    assert len({answer.location for answer in answers}) == 1
    assert world.session.scalar(select(func.count(CrisisRequest.id))) == 1
    assert world.session.scalar(select(func.count(Offer.id))) == 1


def test_one_key_used_at_once_over_the_api_is_one_request(world: World, call: Call) -> None:
    world.experts(3)
    focal = world.focal_point()
    programs = [call(focal) for _ in range(AT_ONCE)]
    start = Barrier(AT_ONCE)
    body = {"office": "UA", "kind": "CYB", "severity": 1, "summary": "x", "languages": ["en"]}

    def send(number: int) -> TestResponse:
        start.wait()
        return programs[number].post("/crises", body, Idempotency_Key="one")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({answer.get_data() for answer in answers}) == 1
    assert world.session.scalar(select(func.count(CrisisRequest.id))) == 1
