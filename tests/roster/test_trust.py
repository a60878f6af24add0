"""Who saw and changed whose data is written down and can be read; all of it can be taken along."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import writing
from dispatch.webhooks import inbound
from roster import registrar, trust
from roster.models import Expert, Sighting
from tests.conftest import Clock
from tests.dispatch.conftest import world
from tests.dispatch.world import World
from tests.factories import make_user, vetter
from tests.roster import casebook
from tests.web.conftest import Visit, call, visit
from tests.web.visitors import words_of

__all__ = ["call", "visit", "world"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def looks(world: World) -> list[tuple[int | None, str]]:
    rows = world.session.execute(select(Sighting.expert_id, Sighting.what).order_by(Sighting.id))
    return [(row.expert_id, row.what) for row in rows]


def accept(world: World, expert: Expert) -> None:
    """The expert says yes by text."""
    code = world.offer_to(expert).code
    with writing():
        inbound.take_in(inbound.Text("SM1", expert.phone, "+15005550006", f"1 {code}"), world.now)


def test_each_look_is_noted_once_an_hour(world: World, visit: Visit, clock: Clock) -> None:
    [expert] = world.experts(1)
    officer = visit(world.officer())
    for _time in range(2):
        officer.get(f"/roster/{expert.public_id}")
    officer.get("/roster/")
    assert looks(world) == [(expert.id, "page"), (None, "page")]
    clock.forward(minutes=61)
    officer.get(f"/roster/{expert.public_id}")
    assert looks(world)[2:] == [(expert.id, "page")]


def test_who_is_refused_has_seen_nothing_and_looking_at_oneself_is_no_news(
    world: World, visit: Visit
) -> None:
    themself = world.person("expert", "vetter")
    [expert] = world.experts(1, user_id=themself.id)
    visit(world.focal_point()).get(f"/roster/{expert.public_id}")
    visit(themself).get(f"/roster/{expert.public_id}")
    assert looks(world) == []


def test_an_office_and_a_program_that_are_shown_a_phone_are_noted(
    world: World, visit: Visit, call: Any
) -> None:
    [expert] = world.experts(1)
    filer = world.focal_point()
    request = world.file(filer)
    visit(filer).get(f"/crisis/{request.ref}")
    assert looks(world) == []
    accept(world, expert)
    visit(filer).get(f"/crisis/{request.ref}")
    call(filer).get(f"/crises/{request.ref}")
    visit(world.officer()).get(f"/desk/{request.ref}")
    call(world.officer()).get("/experts")
    assert looks(world) == [(expert.id, "page"), (expert.id, "api"), (expert.id, "page"),
                            (None, "api")]  # fmt: skip


def test_the_history_says_who_saw_and_who_changed_what(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    hr = vetter(world.session, "first.vetter@example.org")
    with writing() as session:
        row = session.get_one(Expert, expert.id)
        registrar.suspend(session, row, "a complaint", actor=hr.public_id, now=clock.now(session))
    visit(world.officer(name="Olga Duty")).get(f"/roster/{expert.public_id}")
    auditor = visit(world.person("auditor", name="Ann Auditor"))
    said = words_of(auditor.get(f"/roster/{expert.public_id}/history"))
    assert f"{hr.name} changed Was suspended: a complaint" in said
    assert "Olga Duty saw Looked at the page" in said
    file = auditor.get(f"/roster/{expert.public_id}/history.csv").text
    assert f",{hr.name},changed,Was suspended: a complaint\r\n" in file
    said = words_of(auditor.get(f"/roster/{expert.public_id}/history"))
    assert "Ann Auditor saw Took the data away as a file" in said
    assert "Ann Auditor saw Looked at the page" in said


def test_who_acts_without_an_account_is_named_in_the_readers_language(
    world: World, visit: Visit
) -> None:
    [expert] = world.experts(1)
    with writing() as session:
        row = session.get_one(Expert, expert.id)
        for actor, verb in (("referee", "referee_answered"), ("applicant", "case_opened")):
            registrar.tell(session, row, verb, actor=actor, now=clock.now(session), kind="appeal")
    auditor, page = visit(world.person("auditor")), f"/roster/{expert.public_id}/history"
    said = words_of(auditor.get(f"{page}?lang=en"))
    assert "A referee changed A referee has answered" in said
    assert "The applicant changed A case was opened: Appeal" in said
    for actor in ("referee", "applicant"):
        assert f">{actor}<" not in auditor.get(f"{page}?lang=ar").text


def test_a_download_has_everything_but_what_others_said_in_confidence(
    app: Flask, world: World, visit: Visit
) -> None:
    [expert] = world.experts(1, evidence="Panel of May")
    world.file()
    visit(world.officer(name="Olga Duty")).get(f"/roster/{expert.public_id}")
    with writing() as session:
        registrar.record_evaluation(
            session, expert, "m1", 4, "Between us: slow", by="office:UA", now=world.now
        )
    found = trust.collect(world.session, world.session.get_one(Expert, expert.id))
    assert [row["rating"] for row in found["evaluations"]] == [4]
    assert "Between us" not in str(found)
    assert found["person"]["email"] == expert.email
    assert {row["skill"] for row in found["skills"]} > {"BCP"}
    assert [row["status"] for row in found["offers"]] == ["open"]
    assert found["messages_to_you"][0]["to"] == expert.phone
    assert "Olga Duty" in {row["who"] for row in found["seen_and_changed"]}
    assert json.loads(json.dumps(found)) == found


def test_nobody_reads_which_vetter_found_or_decided_what_about_them(
    world: World, visit: Visit
) -> None:
    themself = world.person("expert")
    applicant = casebook.make_applicant(world.session, user_id=themself.id)
    vetters = [make_user(world.session, "vetter", name=f"Vera {n}") for n in "ABC"]
    case = casebook.open_case(world.session, applicant)
    casebook.find(world.session, case, "eligibility", vetters[0], "failed")
    casebook.decide(world.session, case, vetters[1], qualified=False)
    page = words_of(visit(themself).get("/me/data"))
    assert "A finding was recorded: Eligibility" in page
    assert "Eligibility, " not in page
    assert "Vera" not in page
    assert "Vera" not in str(trust.collect(world.session, applicant))
    said = words_of(visit(vetters[2]).get(f"/roster/{applicant.public_id}/history"))
    assert "Vera A changed A finding was recorded: Eligibility, Failed" in said


def test_hr_erases_somebody_on_a_page_that_asks_first(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    hr, address = visit(vetter(world.session, "first.vetter@example.org")), expert.public_id
    page = f"/roster/{address}/erase"
    assert hr.post(page, page).status_code == 422
    answer = hr.post(page, page, sure="y")
    assert answer.location == "/roster/"
    assert hr.get(f"/roster/{address}").status_code == 404
    assert expert.email not in hr.get("/roster/").text
    assert "personal data were erased" in words_of(hr.get(f"/roster/{address}/history"))
