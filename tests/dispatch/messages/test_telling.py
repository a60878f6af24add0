"""Who is told what: the office, the duty officers, an expert; each once, in their language."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from core.db import writing
from dispatch import messages
from dispatch.models import CrisisRequest
from dispatch.rules import terms
from roster import registrar
from roster.models import Expert
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.web.visitors import Visitor, words_of

CONTACT, FOCAL = "+380445550101", "+380445550102"


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1, language="fr")


@pytest.fixture
def request_(post: Post, world: World, expert: Expert) -> CrisisRequest:
    """A request of whose offer a text has left."""
    filer = world.focal_point(phone=FOCAL, language="ru")
    found = world.file(filer, contact_name="Olena", contact_phone=CONTACT)
    post.deliver()
    return found


def purposes(post: Post, number: str) -> list[str]:
    return [attempt.purpose for attempt in post.attempts_to(number)]


def test_the_office_hears_who_comes_at_its_contact_and_its_focal_points(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    phone = post.phone(expert)
    phone.expect_text()
    phone.accept()
    post.deliver()
    for number in (CONTACT, FOCAL):
        post.sandbox.phone(number).expect_text(expert.name, expert.phone)


def test_each_is_told_in_their_own_language(
    post: Post, world: World, request_: CrisisRequest
) -> None:
    with writing() as session:
        found = session.get_one(CrisisRequest, request_.id)
        messages.tell_office(session, found, "cancelled", world.now)
    told = {number: post.attempts_to(number)[-1] for number in (CONTACT, FOCAL)}
    assert told[FOCAL].language == "ru"
    assert told[CONTACT].language == "en"
    assert told[FOCAL].body != told[CONTACT].body


def test_a_number_that_is_both_contact_and_focal_point_is_told_once(
    post: Post, world: World, expert: Expert
) -> None:
    request = world.file(world.focal_point(phone=FOCAL), contact_phone=FOCAL)
    before = len(purposes(post, FOCAL))
    with writing() as session:
        found = session.get_one(CrisisRequest, request.id)
        messages.tell_office(session, found, "closed", world.now)
    assert len(purposes(post, FOCAL)) == before + 1


def test_only_duty_officers_on_duty_are_told(
    post: Post, world: World, request_: CrisisRequest
) -> None:
    on_duty = world.officer(phone="+41225550201")
    resting = world.officer(phone="+41225550202")
    with writing() as session:
        session.merge(resting).on_duty = False
    with writing() as session:
        found = session.get_one(CrisisRequest, request_.id)
        assert messages.tell_duty_officers(session, found, "dropped_out", world.now) == 1
    assert purposes(post, "+41225550201") == ["dropped_out"]
    assert purposes(post, "+41225550202") == []
    (mail,) = post.mails(on_duty.email)
    assert request_.number in mail.subject


def test_what_duty_officers_are_told_opens_the_case_that_it_speaks_of(
    post: Post, world: World, request_: CrisisRequest, app: Flask
) -> None:
    officer = world.officer(phone="+41225550201")
    with writing() as session:
        found = session.get_one(CrisisRequest, request_.id)
        messages.tell_duty_officers(session, found, "tell_duty", world.now)
        messages.tell_duty_officers(session, None, "provider_unreachable", world.now)
    told = [attempt.body for attempt in post.attempts_to("+41225550201")]
    assert [mail.body for mail in post.mails(officer.email)] == told
    of_a_case, of_the_machine = (urlsplit(body.split()[-1]).path for body in told)
    assert of_the_machine == "/desk/"
    page = Visitor(app, officer).get(of_a_case)
    assert page.status_code == 200
    assert f"Case {request_.number}" in words_of(page)


def test_what_duty_officers_read_names_no_expert(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    world.officer(phone="+41225550201")
    for purpose in ("call_back", "tell_duty", "tell_unfilled", "dropped_out", "something new"):
        with writing() as session:
            found = session.get_one(CrisisRequest, request_.id)
            messages.tell_duty_officers(session, found, purpose, world.now)
    for attempt in post.attempts_to("+41225550201"):
        assert expert.name not in attempt.body
        assert expert.phone not in attempt.body


def notify(post: Post, expert: Expert, request: CrisisRequest, purpose: str) -> bool:
    """Whether a message to the expert was left."""
    with writing() as session:
        offer = session.merge(post.offer(expert))
        found = session.get_one(CrisisRequest, request.id)
        who = session.get_one(Expert, expert.id)
        told = messages.notify_expert(
            session, who, purpose, post.world.now, request=found, offer=offer
        )
        return told is not None


def test_an_expert_is_told_of_one_thing_once(
    post: Post, expert: Expert, request_: CrisisRequest
) -> None:
    assert notify(post, expert, request_, "withdrawn")
    assert not notify(post, expert, request_, "withdrawn")
    assert notify(post, expert, request_, "amended")
    assert notify(post, expert, request_, "amended")


def test_nothing_is_said_of_an_offer_that_never_left(
    post: Post, world: World, expert: Expert
) -> None:
    request = world.file()
    assert not notify(post, expert, request, "withdrawn")


def test_who_opted_out_is_told_nothing(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        found = session.get_one(Expert, expert.id)
        registrar.opt_out(session, found, actor="system", now=world.now)
    assert not notify(post, expert, request_, "withdrawn")


def test_whose_phone_takes_no_texts_is_told_by_mail(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    with writing() as session:
        registrar.mark_sms_failed(session, session.get_one(Expert, expert.id), world.now)
    assert notify(post, expert, request_, "withdrawn")
    post.deliver()
    assert "withdrawn" in [a.purpose for a in post.attempts(expert, "email")]
    assert post.mails(expert.email)


def test_a_notice_that_the_phone_refuses_goes_by_mail(
    post: Post, world: World, expert: Expert, request_: CrisisRequest
) -> None:
    assert notify(post, expert, request_, "amended")
    post.phone(expert).refuse(21614)
    post.deliver()
    assert len(post.mails(expert.email)) == 1


def test_an_exercise_is_marked_in_every_text(post: Post, world: World) -> None:
    expert = world.expert(2)
    officer = world.officer(phone="+41225550201")
    request = world.file(world.focal_point(phone=FOCAL), exercise=True)
    post.deliver()
    assert post.phone(expert).expect_text().body.startswith("EXERCISE.")
    with writing() as session:
        found = session.get_one(CrisisRequest, request.id)
        messages.tell_office(session, found, "searching", world.now)
        messages.tell_duty_officers(session, found, "tell_duty", world.now)
    assert all(a.body.startswith("EXERCISE.") for a in post.attempts_to(FOCAL))
    assert officer.phone is not None
    assert all(a.body.startswith("EXERCISE.") for a in post.attempts_to(officer.phone))


def test_a_duty_officer_can_text_themself(post: Post, world: World) -> None:
    officer = world.officer(phone="+41225550201")
    with writing() as session:
        messages.send_test_text(session, officer, world.now)
    post.deliver()
    post.sandbox.phone("+41225550201").expect_text("test text")
    (attempt,) = post.attempts_to("+41225550201")
    assert attempt.status == terms.DELIVERED
