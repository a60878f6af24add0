"""The duty board: everything that waits for a human, and what the machine does, at a glance."""

import re

from sqlalchemy import select

from core.audit import AuditRow
from core.clock import now
from core.db import writing
from dispatch import incidents
from dispatch.models import Attempt, Heartbeat, InboundMessage, Incident
from roster.models import Expert
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.visitors import words_of

BOARD = "/desk/"


def figures(words: str) -> dict[str, int]:
    found = re.findall(r"(\d+) (wait for you|open requests|messages to send|workers alive)", words)
    return {name: int(number) for number, name in found}


def test_a_calm_board_says_so(world: World, visit: Visit) -> None:
    words = words_of(visit(world.officer()).get(BOARD))
    assert "No office is asking for help" in words
    assert figures(words) == {
        "wait for you": 0, "open requests": 0, "messages to send": 0, "workers alive": 0,
    }  # fmt: skip
    assert "No worker is running" in words


def test_all_open_requests_are_there_and_those_that_wait_come_first(
    world: World, visit: Visit
) -> None:
    near, _ = world.experts(2)
    searching = world.file(severity=2)
    unfilled = world.file(severity=1, languages=["mn"])
    waiting = world.file_as(None, severity=3, contact_phone="+380671234567").request
    words = words_of(visit(world.officer()).get(BOARD))
    places = [words.index(one.number) for one in (unfilled, waiting, searching)]
    assert places == sorted(places)
    assert f"{near.name} · 71 km" in words
    assert "Call +380671234567" in words
    # Both that wait for a human, and that two of them may be one crisis.
    assert figures(words)["wait for you"] >= 4
    assert figures(words)["open requests"] == 3
    assert "May repeat an earlier request of the same office" in words


def test_over_and_done_with_is_off_the_board(world: World, visit: Visit) -> None:
    request = world.file()
    officer = visit(world.officer())
    officer.post(f"/desk/{request.ref}/cancel", reason="false alarm")
    assert request.number not in words_of(officer.get(BOARD))


def test_unclear_texts_wait_until_a_human_has_handled_them(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    with writing() as session:
        text = InboundMessage(sid="SM1", sender=expert.phone, body="Maybe <b>tomorrow</b>?")
        text.received_at, text.outcome, text.expert_id = now(), "unclear", expert.id
        session.add(text)
    chief = world.officer()
    officer = visit(chief)
    page = officer.get(BOARD)
    assert "Maybe &lt;b&gt;tomorrow&lt;/b&gt;?" in page.text
    assert expert.name in page.text
    for _ in range(2):
        assert officer.post("/desk/texts/1/handled", page=BOARD).status_code == 303
    assert "tomorrow" not in officer.get(BOARD).text
    [message] = world.session.scalars(select(InboundMessage)).unique()
    assert message.handled_by == chief.id
    rows = world.session.scalars(select(AuditRow).where(AuditRow.action == "text.handled")).all()
    assert [(row.actor, row.subject) for row in rows] == [(chief.public_id, "text:1")]


def test_incidents_wait_until_they_are_cleared_with_an_audit_row(
    world: World, visit: Visit
) -> None:
    request = world.file()
    with writing() as session:
        incidents.record(
            session, "delivery:30007", "delivery", now(), request_id=request.id, code="30007"
        )
    officer = visit(world.officer())
    words = words_of(officer.get(BOARD))
    assert f"Case {request.number}: The provider refused a text" in words
    assert "(error 30007)" in words
    [number] = world.session.scalars(select(Incident.id).where(Incident.kind == "delivery"))
    for _ in range(2):
        path = f"/desk/incidents/{number}/clear"
        assert officer.post(path, page=BOARD).status_code == 303
    assert "refused a text" not in words_of(officer.get(BOARD))
    actions = world.session.scalars(select(AuditRow.action)).all()
    assert actions.count("incident.cleared") == 1


def test_each_kind_of_incident_has_its_words(world: World, visit: Visit) -> None:
    kinds = ("advance_failed", "dead_letter", "provider_stopped", "provider_unreachable",
             "number_cap", "spend_cap", "doubled", "duplicate", "delivery")  # fmt: skip
    with writing() as session:
        for kind in kinds:
            incidents.record(session, kind, kind, now())
    words = words_of(visit(world.officer()).get(BOARD))
    assert "Needs a look" not in words
    assert not [kind for kind in kinds if kind in words.split()]


def test_a_telephone_that_rang_in_vain_is_no_failure(world: World, visit: Visit) -> None:
    world.expert(1)
    ref = world.file().ref
    with writing() as session:
        calls = select(Attempt).where(Attempt.channel == "voice")
        call = session.scalars(calls).unique().one()
        call.status = "failed"
    officer = visit(world.officer())
    assert "call failed" not in words_of(officer.get(BOARD))
    assert "call not answered" in words_of(officer.get(f"{BOARD}{ref}"))


def test_failures_opt_outs_backlog_and_workers_are_shown(world: World, visit: Visit) -> None:
    expert, _, other = world.experts(3)
    world.file(experts_needed=2)
    with writing() as session:
        first, *_rest = session.scalars(select(Attempt).order_by(Attempt.id)).unique()
        first.status, first.error_code = "failed", 30005
        session.get_one(Expert, other.id).opted_out_at = now()
        session.add(Heartbeat(worker="one", at=now()))
    words = words_of(visit(world.officer()).get(BOARD))
    assert f"{first.to}: text failed (error 30005)" in words
    assert f"said STOP, last 30 days {other.name}" in words
    assert figures(words)["workers alive"] == 1
    assert figures(words)["messages to send"] > 0
    assert expert.name in words
    world.forward(minutes=5)
    assert "No worker is running" in words_of(visit(world.officer()).get(BOARD))


def test_only_a_changed_board_is_sent_again(world: World, visit: Visit) -> None:
    world.experts(2)
    world.file()
    officer = visit(world.officer())
    found = re.search(r'hx-get="([^"]+)"', officer.get(BOARD).text)
    assert found
    assert officer.get(found[1]).status_code == 204
    world.file(severity=3)
    fresh = officer.get(found[1])
    assert fresh.status_code == 200
    assert 'id="board"' in fresh.text
    assert "<html" not in fresh.text


def test_the_map_shows_each_office_in_crisis_once(world: World, visit: Visit) -> None:
    world.experts(1)
    world.file()
    world.file(severity=3)
    world.file(office="FJ")
    page = visit(world.officer()).get(BOARD).text
    assert page.count("app-map__mark--crisis-") == 2
    assert ">UA ×2</text>" in page
    assert ">FJ</text>" in page


def test_an_auditor_sees_the_board_and_no_button(world: World, visit: Visit) -> None:
    world.experts(2)
    request = world.file()
    world.file_as(None)
    auditor = visit(world.person("auditor"))
    for path in (BOARD, f"/desk/{request.ref}"):
        page = auditor.get(path)
        assert page.status_code == 200
        main = page.text.split("<main", 1)[1]
        assert "<form" not in main
        assert "<button" not in main


def test_a_test_text_goes_to_the_officers_own_phone(world: World, visit: Visit) -> None:
    officer = visit(world.officer(phone="+12025550180"))
    done = officer.post("/desk/test-text", page=BOARD)
    assert "on its way to +12025550180" in words_of(officer.get(done.location))
    assert world.told("+12025550180") == ["test"]
    silent = visit(world.officer())
    silent.post("/desk/test-text", page=BOARD)
    assert "Your account has no phone number" in words_of(silent.get(BOARD))
