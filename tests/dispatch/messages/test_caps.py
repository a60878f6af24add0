"""I13: so many messages a day to one number, so many segments in all; then an alarm."""

import pytest
from flask import Flask

from core.db import writing
from dispatch.messages import tell_duty_officers
from dispatch.outbox.weather import look_at_the_weather
from dispatch.rules import terms
from dispatch.wording.duty import UNREACHABLE
from roster.models import Expert
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.limits import limit


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


def test_a_number_that_has_had_enough_gets_no_more(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    limit(app, messages_per_number=1)
    officer = world.officer()
    world.file()
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]
    world.forward(seconds=200)  # the call is due
    post.deliver()
    assert post.statuses(expert, "voice") == [terms.FAILED]
    assert post.sandbox.store.calls == []
    assert "number_cap" in post.incidents()
    assert any("most texts" in mail.body for mail in post.mails(officer.email))


def test_what_is_over_a_numbers_cap_goes_by_mail(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    limit(app, messages_per_number=0)
    world.file()
    for _ in range(3):
        post.deliver()
    assert post.held(expert) == []
    assert post.statuses(expert, "email") == [terms.SENT]


def test_over_the_days_spend_texts_wait_and_mails_leave(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    limit(app, segments_per_day=0)
    officer = world.officer()
    world.file()
    post.deliver()
    post.deliver()
    assert post.held(expert) == []
    assert post.statuses(expert) == [terms.QUEUED]
    assert post.statuses(expert, "email") == [terms.SENT]
    assert post.incidents() == ["spend_cap"]
    assert any("limit" in mail.body for mail in post.mails(officer.email))


def test_the_alarm_ends_when_there_is_room_again(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    limit(app, segments_per_day=0)
    world.file()
    post.deliver()
    limit(app, segments_per_day=100)
    look_at_the_weather(world.now)
    assert post.incidents() == []
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]


def alarm(world: World, post: Post) -> None:
    """Something that the duty officers have to know, by text and by mail."""
    with writing() as session:
        tell_duty_officers(session, None, UNREACHABLE, world.now)
    post.deliver()


def test_a_duty_officer_over_the_cap_still_gets_a_text_from_time_to_time(
    app: Flask, post: Post, world: World
) -> None:
    limit(app, messages_per_number=1)
    officer = world.officer(phone="+15550100")
    for _ in range(3):
        alarm(world, post)
    sent = [attempt.status for attempt in post.attempts_to("+15550100")]
    assert sent.count(terms.DELIVERED) == 1
    world.forward(seconds=16 * 60)
    alarm(world, post)
    alarm(world, post)
    sent = [attempt.status for attempt in post.attempts_to("+15550100")]
    assert sent.count(terms.DELIVERED) == 2
    assert len(post.mails(officer.email)) >= 5


def test_a_full_phone_of_a_duty_officer_is_told_once_however_many_texts_it_misses(
    app: Flask, post: Post, world: World
) -> None:
    limit(app, messages_per_number=1)
    officer = world.officer(phone="+15550100")
    for _ in range(4):
        alarm(world, post)
    for _ in range(4):  # nor does the alarm about the cap raise another one
        post.deliver()
    assert post.incidents() == ["officer_cap"]
    told = [mail.body for mail in post.mails(officer.email) if "most texts" in mail.body]
    assert len(told) == 1


def test_one_full_number_of_an_office_is_one_alarm(app: Flask, post: Post, world: World) -> None:
    limit(app, messages_per_number=1)
    world.officer(phone="+15550101")
    for _ in range(3):
        world.file(contact_phone="+15550102", contact_email="")
        post.deliver()
    assert post.incidents().count("number_cap") == 1
