"""The duty officer's moves: each works, is refused kindly when it cannot, and leaves its row."""

import re

from sqlalchemy import select

from core.audit import AuditRow, verify
from core.clock import now
from core.db import writing
from dispatch.answers import answer_offer
from dispatch.models import CrisisRequest, Offer
from roster.models import Absence, Expert
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.visitors import Visitor, words_of


def state(world: World, request: CrisisRequest) -> str:
    return world.session.get_one(CrisisRequest, request.id).status


def move(officer: Visitor, request: CrisisRequest, name: str, **fields: str) -> int:
    page = f"/desk/{request.ref}"
    return officer.post(f"{page}/{name}", page=page, **fields).status_code


def accept(offer: Offer) -> None:
    with writing() as session:
        answer_offer(session, offer, accept=True, received_at=now(), via="link")


def test_confirming_starts_the_search(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file_as(None).request
    chief = world.officer()
    officer = visit(chief)
    assert "I have called back: confirm and search" in words_of(officer.get(f"/desk/{request.ref}"))
    assert move(officer, request, "confirm") == 303
    assert state(world, request) == "searching"
    assert world.offer_to(expert).status == "open"
    stored = world.session.get_one(CrisisRequest, request.id)
    assert stored.confirmed_by == chief.id
    assert move(officer, request, "confirm") == 409


def test_pausing_and_going_on(world: World, visit: Visit) -> None:
    first, second = world.experts(2)
    request = world.file()
    officer = visit(world.officer())
    assert move(officer, request, "pause") == 303
    with writing() as session:
        answer_offer(session, world.offer_to(first), accept=False, received_at=now(), via="link")
    assert world.ladder(request) == [(first.name, "declined")]
    assert move(officer, request, "pause") == 409
    assert move(officer, request, "resume") == 303
    assert world.offer_to(second).status == "open"


def test_closing_only_what_is_assigned(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file()
    officer = visit(world.officer())
    assert move(officer, request, "close") == 409
    accept(world.offer_to(expert))
    assert move(officer, request, "close") == 303
    assert state(world, request) == "closed"


def test_a_refused_move_says_how_it_stands_and_changes_nothing(world: World, visit: Visit) -> None:
    request = world.file()
    officer = visit(world.officer())
    rows = len(world.session.scalars(select(AuditRow.id)).all())
    page = f"/desk/{request.ref}"
    refused = officer.post(f"{page}/confirm", page=page)
    assert refused.status_code == 409
    words = words_of(refused)
    assert "Nothing was changed" in words
    assert f"Case {request.number}: Nobody found yet" in words
    assert f'href="{page}"' in refused.text
    assert len(world.session.scalars(select(AuditRow.id)).all()) == rows


def test_cancelling_needs_a_reason_and_keeps_what_was_typed(world: World, visit: Visit) -> None:
    world.experts(1)
    request = world.file()
    page, chief = f"/desk/{request.ref}", world.officer()
    officer = visit(chief)
    empty = officer.post(f"{page}/cancel", page=page, reason=" ")
    assert empty.status_code == 422
    assert '<a href="#cancel">Say why, in a few words.</a>' in empty.text
    assert re.search(r"<details[^>]* open>.*Cancel this request", empty.text)
    long = officer.post(f"{page}/cancel", page=page, reason="y" * 501)
    assert long.status_code == 422
    assert "y" * 501 in long.text
    assert state(world, request) == "searching"
    assert move(officer, request, "cancel", reason="False alarm") == 303
    [row] = world.session.scalars(select(AuditRow).where(AuditRow.action == "request.cancelled"))
    assert row.actor == chief.public_id
    assert row.payload is not None
    assert row.payload["reason"] == "False alarm"
    assert move(officer, request, "cancel", reason="again") == 409


def test_withdrawing_an_offer_asks_the_next_and_keeps_the_reason(
    world: World, visit: Visit
) -> None:
    first, second = world.experts(2)
    request = world.file()
    officer = visit(world.officer())
    offer = world.offer_to(first)
    page, path = f"/desk/{request.ref}", f"/desk/offers/{offer.public_id}/withdraw"
    empty = officer.post(path, page=page, reason="")
    assert empty.status_code == 422
    assert f'href="#withdraw-{offer.public_id}"' in empty.text
    assert officer.post(path, page=page, reason="Phone is off").status_code == 303
    assert world.ladder(request) == [(first.name, "withdrawn"), (second.name, "open")]
    assert "Phone is off" in words_of(officer.get(page))
    again = officer.post(path, page=page, reason="Phone is off")
    assert again.status_code == 409
    assert "No longer asked" in words_of(again)


def test_choosing_an_expert_passes_over_the_order_with_a_reason(world: World, visit: Visit) -> None:
    first, _second, third = world.experts(3)
    request = world.file()
    chief = world.officer()
    officer = visit(chief)
    page = f"/desk/{request.ref}"
    empty = officer.post(f"{page}/offers", page=page, expert=third.public_id, reason="")
    assert empty.status_code == 422
    assert f'id="choose-{third.public_id}-error"' in empty.text
    assert move(officer, request, "offers", expert=third.public_id, reason="Knows Kyiv") == 303
    assert world.ladder(request) == [(first.name, "open"), (third.name, "open")]
    offer = world.offer_to(third)
    assert (offer.chosen_by, offer.chosen_reason) == (chief.id, "Knows Kyiv")
    assert "Chosen because: Knows Kyiv" in words_of(officer.get(page))
    twice = officer.post(f"{page}/offers", page=page, expert=third.public_id, reason="Again")
    assert twice.status_code == 303
    assert "being asked for another case" in words_of(officer.get(page))


def test_no_filter_is_passed_over_by_hand(world: World, visit: Visit) -> None:
    world.experts(1)
    french = world.expert(5, languages=("fr",), name="Zoé Petit")
    request = world.file()
    officer = visit(world.officer())
    assert move(officer, request, "offers", expert=french.public_id, reason="x") == 303
    words = words_of(officer.get(f"/desk/{request.ref}"))
    assert "Zoé Petit cannot be asked now: language missing. Nothing was changed." in words
    assert len(world.ladder(request)) == 1
    for unknown in ("", "x" * 26, "no such\x00id", "x" * 5000):
        assert move(officer, request, "offers", expert=unknown, reason="x") == 404


def test_extending_asks_for_more_and_refuses_nonsense(world: World, visit: Visit) -> None:
    first, second = world.experts(2)
    request = world.file()
    accept(world.offer_to(first))
    assert state(world, request) == "assigned"
    officer = visit(world.officer())
    page = f"/desk/{request.ref}"
    for wrong in ("", "0", "51", "two", "9" * 30):
        answer = officer.post(f"{page}/extend", page=page, experts_needed=wrong)
        assert answer.status_code == 422, wrong
        assert 'id="extend-error"' in answer.text
    assert move(officer, request, "extend", experts_needed="٢") == 303
    assert state(world, request) == "searching"
    assert world.offer_to(second).status == "open"
    accept(world.offer_to(second))
    too_few = officer.post(f"{page}/extend", page=page, experts_needed="1")
    assert too_few.status_code == 422
    assert "2 experts have accepted already" in words_of(too_few)


def test_the_officer_changes_a_request_too(world: World, visit: Visit) -> None:
    request = world.file()
    page = visit(world.officer()).get(f"/crisis/{request.ref}/change")
    assert page.status_code == 200


def test_the_case_shows_why_each_is_asked_or_not(world: World, visit: Visit) -> None:
    world.expert(1, name="Nina Near")
    world.expert(2, name="Fritz French", languages=("fr",))
    away = world.expert(3, name="Ada Away")
    world.expert(4, name="Cora Conflict", lat=-80.0)
    with writing() as session:
        moment = world.now
        session.get_one(Expert, away.id).absences.append(
            Absence(starts_at=moment, ends_at=moment.replace(year=moment.year + 1))
        )
    request = world.file()
    words = words_of(visit(world.officer()).get(f"/desk/{request.ref}"))
    assert "1. Nina Near · 71 km · wave 1 Asked, no answer yet" in words
    assert "Nina Near Asked, no answer yet" in words
    assert "language missing: 1" in words
    assert "away: 1" in words
    assert re.search(r"Fritz French, 142 km: speaks none of: English", words)
    assert re.search(r"Ada Away, 213 km: away until \d+ \w+ \d{4}", words)


def test_a_possible_duplicate_is_shown_on_both(world: World, visit: Visit) -> None:
    one, other = world.file(summary="First"), world.file(summary="Second")
    officer = visit(world.officer())
    for this, that in ((one, other), (other, one)):
        words = words_of(officer.get(f"/desk/{this.ref}"))
        assert f"The same office filed another request within the hour: {that.number}" in words


def test_the_map_has_everybody_where_they_are_now(world: World, visit: Visit) -> None:
    expert = world.expert(1, name="Tara Traveller")
    world.expert(2)
    moment = world.now
    with writing() as session:
        moved = session.get_one(Expert, expert.id)
        moved.present_lat, moved.present_lon = 50.4, 40.0
        moved.present_until = moment.replace(year=moment.year + 1)
    request = world.file(experts_needed=2)
    page = visit(world.officer()).get(f"/desk/{request.ref}").text
    places = dict(re.findall(r'<title>\d\. ([^<]+)</title>\s*<circle cx="([\d.]+)"', page))
    crisis = re.search(r'app-map__mark--crisis"><title>Kyiv</title>\s*<circle cx="([\d.]+)"', page)
    assert crisis
    assert float(places["Tara Traveller"]) - float(crisis[1]) > 15
    assert page.count('class="app-map__way app-map__way--open"') == 2


def test_every_move_is_in_the_audit_and_the_chain_holds(world: World, visit: Visit) -> None:
    world.experts(3)
    request = world.file_as(None).request
    chief = world.officer()
    officer = visit(chief)
    for name in ("confirm", "pause", "resume"):
        move(officer, request, name)
    move(officer, request, "cancel", reason="done")
    mine = select(AuditRow.action).where(AuditRow.actor == chief.public_id)
    done = set(world.session.scalars(mine))
    assert {"request.searching", "request.paused", "request.cancelled"} <= done
    assert verify(world.session) is None
