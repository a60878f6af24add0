"""The office's status page: it says what happens, names nobody too early, and lets them change."""

import re
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.audit import AuditRow
from core.clock import now
from core.db import writing
from dispatch import intake
from dispatch.answers import answer_offer
from dispatch.models import CrisisRequest, Offer
from roster.models import Expert
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.forms import read_form
from tests.web.visitors import Visitor, filled_in, words_of


def say(offer: Offer, yes: bool) -> str:
    with writing() as session:
        return answer_offer(session, offer, accept=yes, received_at=now(), via="link")


def names_nobody(page: str, people: list[Expert]) -> bool:
    told = [fact for one in people for fact in (one.name, one.phone, one.public_id, one.email)]
    return not any(fact in page for fact in told)


def test_each_state_is_said_in_a_sentence(world: World, visit: Visit) -> None:
    world.experts(2)
    officer, focal = world.officer(), visit(world.focal_point())
    request = world.file()
    path = f"/crisis/{request.ref}"
    assert "We are asking experts now" in words_of(focal.get(path))
    with writing() as session:
        intake.pause(session, request, actor=officer.public_id, now=now())
    assert "The search is paused" in words_of(focal.get(path))
    with writing() as session:
        intake.resume(session, request, actor=officer.public_id, now=now())
    say(request.offers[0], yes=True)
    assert "Help is on its way" in words_of(focal.get(path))
    with writing() as session:
        intake.close(session, request, actor=officer.public_id, now=now())
    page = focal.get(path)
    assert "This case is closed" in words_of(page)
    assert "hx-get" not in page.text
    nobody = world.file(kind="WAR", languages=["mn"])
    assert "Nobody could be found yet" in words_of(focal.get(f"/crisis/{nobody.ref}"))


def test_the_office_reads_its_own_clock_and_the_duty_officer_utc(
    world: World, visit: Visit
) -> None:
    world.experts(1)
    request = world.file()
    deadline = request.offers[0].deadline
    kyiv = f"{deadline.astimezone(ZoneInfo('Europe/Kyiv')):%H:%M:%S} (Europe/Kyiv)"
    page = visit(world.focal_point()).get(f"/crisis/{request.ref}")
    assert f"Time to answer: {kyiv}" in words_of(page)
    assert "UTC" not in words_of(page)
    for path in ("/desk/", f"/desk/{request.ref}"):
        assert f"{deadline:%H:%M:%S} UTC" in words_of(visit(world.officer()).get(path))


def test_nobody_is_named_before_they_accept_and_then_name_and_phone_are(
    world: World, visit: Visit
) -> None:
    near, far, farther = world.expert(1), world.expert(6), world.expert(30)
    request = world.file()
    link = f"/crisis/{request.ref}"
    focal = visit(world.focal_point())
    say(world.offer_to(near), yes=False)
    page = focal.get(link)
    assert words_of(page).count("an expert, within 250 km") == 1
    assert words_of(page).count("an expert, within 1,000 km") == 1
    assert "Cannot come" in page.text
    assert "Asked, no answer yet" in page.text
    assert names_nobody(page.text, [near, far, farther])
    assert not re.search(r"\b(7[01]|42\d)[.,]?\d* ?km", page.text)
    say(world.offer_to(far), yes=True)
    page = focal.get(link)
    assert far.name in page.text
    assert f'href="tel:{far.phone}"' in page.text
    assert names_nobody(page.text, [near, farther])


def test_an_expert_who_cannot_come_after_all_is_said_to_have_dropped_out(
    world: World, visit: Visit
) -> None:
    first, second = world.experts(2)
    request = world.file()
    say(world.offer_to(first), yes=True)
    with writing() as session:
        session.get_one(Expert, first.id).status = "suspended"
    world.advance(request)
    page = visit(world.focal_point()).get(f"/crisis/{request.ref}")
    assert "Cannot come after all" in page.text
    assert first.phone not in page.text
    assert names_nobody(page.text, [second])


def test_only_what_is_new_is_sent_again(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file()
    focal = visit(world.focal_point())
    again = re.search(r'hx-get="([^"]+)"', focal.get(f"/crisis/{request.ref}").text)
    assert again
    address = again[1].replace("&amp;", "&")
    for _ in range(2):
        assert focal.get(address).status_code == 204
    say(world.offer_to(expert), yes=True)
    fresh = focal.get(address)
    assert fresh.status_code == 200
    assert expert.name in fresh.text
    assert '<p id="live-said" hx-swap-oob="innerHTML">Help is on its way' in fresh.text
    assert "<html" not in fresh.text


def test_the_signed_link_renews_itself_in_its_language(world: World, visit: Visit) -> None:
    stranger = visit()
    page = stranger.get(stranger.file().location + "&lang=fr")
    assert page.status_code == 200
    found = re.search(r'hx-get="([^"]+)"', page.text)
    assert found
    assert "key=" in found[1]
    assert "lang=fr" in found[1]
    assert visit().get(found[1].replace("&amp;", "&")).status_code == 204


def test_a_part_asks_the_page_to_sign_in_when_the_session_is_over(
    world: World, visit: Visit
) -> None:
    request = world.file()
    answer = visit().get(f"/crisis/{request.ref}/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers.get("HX-Refresh")) == (401, "true")


def test_an_exercise_is_marked_and_nobody_travels(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file(exercise=True)
    focal = visit(world.focal_point())
    assert "EXERCISE" in words_of(focal.get(f"/crisis/{request.ref}"))
    say(world.offer_to(expert), yes=True)
    page = focal.get(f"/crisis/{request.ref}")
    assert "This is an exercise: nobody travels" in words_of(page)
    assert expert.phone in page.text


def test_the_office_cancels_with_a_reason(world: World, visit: Visit) -> None:
    world.experts(1)
    request = world.file()
    focal = visit(world.focal_point())
    page = f"/crisis/{request.ref}/cancel"
    assert focal.post(page, page=page, reason="   ").status_code == 422
    answer = focal.post(page, page=page, reason="It was a false alarm")
    assert answer.status_code == 303
    assert "This request was cancelled" in words_of(focal.get(answer.location))
    stored = world.session.get_one(CrisisRequest, request.id)
    assert (stored.status, stored.end_reason) == ("cancelled", "It was a false alarm")
    assert world.session.scalars(select(Offer.status)).all() == ["withdrawn"]


def test_the_office_closes_its_case_once(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file()
    focal = visit(world.focal_point())
    early = focal.post(f"/crisis/{request.ref}/close")
    assert early.status_code == 409
    assert "Nothing was changed" in words_of(early)
    assert "Asking experts" in words_of(early)
    say(world.offer_to(expert), yes=True)
    assert focal.post(f"/crisis/{request.ref}/close").status_code == 303
    late = focal.post(f"/crisis/{request.ref}/close")
    assert late.status_code == 409
    assert "Closed" in words_of(late)
    assert f'href="/crisis/{request.ref}"' in late.text


def change(visitor: Visitor, request: CrisisRequest, **changes: object) -> int:
    path = f"/crisis/{request.ref}/change"
    typed = read_form(visitor.get(path).text, path)
    return visitor.client.post(path, data=typed | changes).status_code


def test_the_office_changes_what_it_told_and_the_search_follows(world: World, visit: Visit) -> None:
    ukrainian, french = world.expert(1), world.expert(2, languages=("fr",))
    request = world.file(place="Odesa", contact_phone="+380441234567", skills=["BCP:1"])
    focal = visit(world.focal_point())
    assert world.offer_to(ukrainian).status == "open"
    assert change(focal, request, languages="French", summary="Now in Lviv") == 303
    stored = world.session.get_one(CrisisRequest, request.id)
    assert (stored.summary, stored.languages) == ("Now in Lviv", ["fr"])
    assert stored.skills == [["BCP", 1]]
    assert stored.place == "Odesa"
    assert world.offer_to(ukrainian).status == "withdrawn"
    assert world.offer_to(french).status == "open"
    changed = world.session.scalars(
        select(AuditRow.payload).where(AuditRow.action == "request.amended")
    ).one()
    assert changed is not None
    assert set(changed["changed"]) == {"summary", "languages"}


def test_a_change_that_changes_nothing_is_none(world: World, visit: Visit) -> None:
    request = world.file(place="Odesa", services=["PAT"], impact=["staff missing"], mode="remote")
    assert change(visit(world.focal_point()), request) == 303
    actions = world.session.scalars(select(AuditRow.action)).all()
    assert "request.amended" not in actions


def test_a_place_that_is_taken_back_is_the_seat_again(world: World, visit: Visit) -> None:
    request = world.file(place="Odesa")
    seat = request.office.lat, request.office.lon
    assert (request.lat, request.lon) != seat
    assert change(visit(world.focal_point()), request, place="") == 303
    stored = world.session.get_one(CrisisRequest, request.id)
    assert (stored.place, stored.lat, stored.lon) == ("", *seat)


def test_a_change_that_cannot_be_used_keeps_what_was_typed(world: World, visit: Visit) -> None:
    request = world.file()
    focal = visit(world.focal_point())
    path = f"/crisis/{request.ref}/change"
    typed = filled_in(focal.get("/crisis/new")) | {
        "summary": "Better now",
        "place": "Nowhere-on-Sea",
    }
    wrong = focal.client.post(path, data=typed)
    assert wrong.status_code == 422
    assert 'id="place-error"' in wrong.text
    assert "Better now" in wrong.text
    lost = focal.client.post(path, data=typed | {"csrf_token": "gone"})
    assert lost.status_code == 400
    assert "Nothing is lost" in lost.text
    assert "Better now" in lost.text


def test_a_case_that_is_over_cannot_be_changed(world: World, visit: Visit) -> None:
    request = world.file()
    focal = visit(world.focal_point())
    path = f"/crisis/{request.ref}"
    focal.post(f"{path}/cancel", reason="over")
    assert change(focal, request, summary="again") == 409
    assert focal.post(f"{path}/cancel", reason="over").status_code == 409


def test_whoever_holds_only_the_link_is_told_whom_to_call(world: World, visit: Visit) -> None:
    stranger = visit()
    page = stranger.get(stranger.file().location)
    assert "To change or cancel this request, call +41 22 555 01 00" in words_of(page)
    assert "I no longer need help" not in page.text
