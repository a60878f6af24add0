"""I13: so many messages a day to one number, so many segments in all; then an alarm."""

import pytest
from flask import Flask

from dispatch.outbox.weather import look_at_the_weather
from dispatch.rules import terms
from roster.models import Expert
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


@pytest.fixture
def expert(world: World) -> Expert:
    return world.expert(1)


def test_a_number_that_has_had_enough_gets_no_more(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    app.config["MESSAGES_PER_NUMBER"] = 1
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
    app.config["MESSAGES_PER_NUMBER"] = 0
    world.file()
    for _ in range(3):
        post.deliver()
    assert post.held(expert) == []
    assert post.statuses(expert, "email") == [terms.SENT]


def test_over_the_days_spend_texts_wait_and_mails_leave(
    app: Flask, post: Post, world: World, expert: Expert
) -> None:
    app.config["SEGMENTS_PER_DAY"] = 0
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
    app.config["SEGMENTS_PER_DAY"] = 0
    world.file()
    post.deliver()
    app.config["SEGMENTS_PER_DAY"] = 100
    look_at_the_weather(world.now)
    assert post.incidents() == []
    post.deliver()
    assert post.statuses(expert) == [terms.DELIVERED]
