"""The signed link of an offer: GET shows, POST answers, and nobody else's can be guessed."""

import re
from urllib.parse import urlsplit

from sqlalchemy import func, select, update

from core.audit import AuditRow
from core.clock import now
from core.db import writing
from dispatch import intake
from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.offer_link import link_of
from roster.models import Expert
from tests.dispatch.world import World
from tests.web.conftest import Visit
from tests.web.forms import read_form
from tests.web.visitors import Visitor, token_in, words_of


def path_of(world: World, expert: Expert) -> str:
    return urlsplit(link_of(world.offer_to(expert))).path


def press(visitor: Visitor, path: str, answer: str) -> str:
    page = visitor.get(path)
    done = visitor.client.post(path, data={"csrf_token": token_in(page), "answer": answer})
    assert done.status_code == 303
    return words_of(visitor.get(done.location))


def status(world: World, expert: Expert) -> str:
    return world.offer_to(expert).status


def test_the_page_says_what_is_asked_and_looking_changes_nothing(
    world: World, visit: Visit
) -> None:
    [expert] = world.experts(1)
    world.file(summary="All servers are encrypted.", contact_phone="+380441234567")
    before = world.session.scalar(select(func.count(AuditRow.id)))
    stranger = visit()
    for _ in range(3):
        page = stranger.get(path_of(world, expert))
    assert page.status_code == 200
    for words in ("Ukraine", "Cyberattack", "All servers are encrypted.", "71 km from you"):
        assert words in words_of(page)
    assert "+380441234567" not in page.text
    assert status(world, expert) == "open"
    assert world.session.scalar(select(func.count(AuditRow.id))) == before


def test_yes_gives_the_number_to_call_and_tells_the_office(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file(contact_name="Olena Koval", contact_phone="+380441234567")
    said = press(visit(), path_of(world, expert), "accept")
    assert "Call now: Olena Koval +380441234567" in said
    assert world.session.get_one(CrisisRequest, request.id).status == "assigned"
    assert "accepted" in world.told("+380441234567")


def test_no_asks_the_next_expert(world: World, visit: Visit) -> None:
    first, second = world.experts(2)
    world.file()
    said = press(visit(), path_of(world, first), "decline")
    assert "The next expert is asked" in said
    assert (status(world, first), status(world, second)) == ("declined", "open")


def test_an_answer_is_taken_once(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path, phone = path_of(world, expert), visit()
    page = phone.get(path)
    yes = {"csrf_token": token_in(page), "answer": "accept"}
    assert phone.client.post(path, data=yes).status_code == 303
    again = phone.client.post(path, data=yes | {"answer": "decline"})
    assert "You are on it" in words_of(phone.get(again.location))
    assert status(world, expert) == "accepted"
    actions = world.session.scalars(select(AuditRow.action)).all()
    assert actions.count("mission.accepted") == 1


def test_after_the_deadline_nothing_is_accepted(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path, phone = path_of(world, expert), visit()
    page = phone.get(path)
    with writing() as session:
        session.execute(update(Attempt).values(claimed_at=world.now))  # the text has left
    world.forward(hours=12)
    shown = phone.get(path)
    assert "The time to answer is over" in words_of(shown)
    assert "Yes, I am coming" not in shown.text
    late = phone.client.post(path, data={"csrf_token": token_in(page), "answer": "accept"})
    assert "The time to answer is over" in words_of(phone.get(late.location))
    assert status(world, expert) == "expired"


def test_who_comes_second_hears_it_kindly(world: World, visit: Visit) -> None:
    first, second = world.experts(2)
    request = world.file()
    world.forward(hours=1)
    world.advance(request)
    officer = world.officer()
    with writing() as session:
        intake.amend(session, request, {"experts_needed": 2}, actor=officer.public_id, now=now())
        intake.amend(session, request, {"experts_needed": 1}, actor=officer.public_id, now=now())
    asked = [one for one in (first, second) if status(world, one) == "open"]
    assert asked
    paths = [path_of(world, one) for one in asked]
    press(visit(), paths[0], "accept")
    for path in paths[1:]:
        assert "Another expert is on it" in words_of(visit().get(path))


def test_a_cancelled_request_says_so(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file(summary="Secret summary")
    path = path_of(world, expert)
    with writing() as session:
        intake.cancel(session, request, "over", actor="system", now=now())
    page = visit().get(path)
    assert "The office no longer needs help" in words_of(page)
    assert "Secret summary" not in page.text


def test_somebody_who_is_away_by_now_is_not_sent(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path, phone = path_of(world, expert), visit()
    token = token_in(phone.get(path))
    with writing() as session:
        session.get_one(Expert, expert.id).max_missions = 0
    answer = phone.client.post(path, data={"csrf_token": token, "answer": "accept"})
    assert "You cannot be sent just now" in words_of(phone.get(answer.location))
    assert status(world, expert) == "withdrawn"


def test_the_page_speaks_the_experts_language_until_another_is_chosen(
    world: World, visit: Visit
) -> None:
    arab, french = world.expert(1, language="ar"), world.expert(2, language="fr-CA")
    world.file(experts_needed=2)
    assert '<html lang="ar" dir="rtl"' in visit().get(path_of(world, arab)).text
    assert '<html lang="fr" dir="ltr"' in visit().get(path_of(world, french)).text
    chosen = visit().get(path_of(world, french) + "?lang=es")
    assert '<html lang="es"' in chosen.text
    assert "lang=es" in next(iter(re.findall(r'action="(/offer/[^"]+)"', chosen.text)))


def test_a_lost_token_asks_for_the_answer_once_more(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path, phone = path_of(world, expert), visit()
    lost = phone.client.post(path, data={"answer": "accept", "csrf_token": "gone"})
    assert lost.status_code == 400
    assert "Press your answer once more" in words_of(lost)
    assert status(world, expert) == "open"
    typed = read_form(lost.text, path)
    assert phone.client.post(path, data=typed | {"answer": "accept"}).status_code == 303


def test_no_other_word_is_an_answer(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path, phone = path_of(world, expert), visit()
    token = token_in(phone.get(path))
    for answer in ("", "yes", "ACCEPT", "accept "):
        given = phone.client.post(path, data={"csrf_token": token, "answer": answer})
        assert given.status_code == 400
    assert status(world, expert) == "open"


def test_a_forged_link_opens_nothing(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file()
    path = path_of(world, expert)
    other = path[:-1] + ("2" if path[-1] != "2" else "3")
    for forged in (other, path[:-1], path + "2", "/offer/1", f"/offer/{expert.public_id}"):
        assert visit().get(forged).status_code == 404
        assert visit().post(forged, answer="accept").status_code == 404
    assert world.session.scalars(select(Offer.status)).all() == ["open"]


def test_an_exercise_asks_for_nothing_more_than_a_yes(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    world.file(exercise=True, contact_phone="+380441234567")
    path = path_of(world, expert)
    assert "EXERCISE" in visit().get(path).text
    said = press(visit(), path, "accept")
    assert "This is an exercise: you need not do anything more" in said
    assert "+380441234567" not in said


def test_when_the_mission_is_over_the_number_is_gone(world: World, visit: Visit) -> None:
    [expert] = world.experts(1)
    request = world.file(contact_phone="+380441234567")
    path = path_of(world, expert)
    press(visit(), path, "accept")
    with writing() as session:
        intake.close(session, request, actor="system", now=now())
    page = visit().get(path)
    assert "Your part in this case is over" in words_of(page)
    assert "+380441234567" not in page.text
