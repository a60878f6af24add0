"""One long number sends about one segment a second: the gravest first, and nothing is lost."""

import pytest
from flask import Flask

from dispatch import outbox
from dispatch.board import read_board
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World

RATE = 2.0


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"SENDER_RATE": str(RATE)}


def leave_at(world: World, post: Post, seconds: float) -> list[str]:
    """Who gets a text when the worker looks again after so many seconds."""
    before = len(post.sandbox.store.messages)
    world.forward(seconds=seconds)
    outbox.send_due(world.now)
    return [message.to for message in post.sandbox.store.messages[before:]]


def test_a_backlog_leaves_at_the_senders_pace(app: Flask, post: Post, world: World) -> None:
    experts = world.experts(12)
    world.file(experts_needed=12)
    left = [len(leave_at(world, post, 0.5)) for _ in range(12)]
    total = sum(left)
    assert total <= RATE * 6 + 2
    assert total >= RATE * 6 - 2
    assert len(experts) == 12


def test_the_gravest_leaves_first(post: Post, world: World) -> None:
    world.experts(6)
    for severity in (4, 3, 2, 1):
        world.file(severity=severity, office="UA")
    order = []
    for _ in range(20):
        order += leave_at(world, post, 0.5)
    by_severity = [
        attempt.priority
        for to in order
        for attempt in post.attempts_to(to)
        if attempt.purpose == "offer"
    ]
    assert by_severity == sorted(by_severity)


def test_the_backlog_is_on_the_duty_board(post: Post, world: World) -> None:
    world.experts(6)
    world.file(experts_needed=6)
    leave_at(world, post, 0.1)
    assert read_board(world.session, world.now).backlog > 0
