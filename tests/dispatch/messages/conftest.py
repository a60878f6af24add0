"""The application, the pretend Twilio it talks to over HTTP, and the mail of both."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dispatch import outbox
from sandbox.testing import RunningSandbox
from tests.dispatch.messages.post import Post
from tests.dispatch.provider import Door, provider
from tests.dispatch.world import World


@pytest.fixture
def door() -> Door:
    """Where the provider's webhooks come in."""
    return Door()


@pytest.fixture
def sandbox(door: Door) -> Iterator[RunningSandbox]:
    """The provider; nothing moves in it but when a test lets it."""
    with provider(door) as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], sandbox: RunningSandbox) -> dict[str, str]:
    """The settings, with that provider; and with a mail server, of which nobody asks anything."""
    return environment | {"TWILIO_API_URL": sandbox.url, "MAIL_URL": "smtp://127.0.0.1:9"}


@pytest.fixture
def post(app: Flask, world: World, sandbox: RunningSandbox, door: Door) -> Iterator[Post]:
    """Sends what is due, and lets it arrive."""
    door.app = app
    yield Post(world, sandbox)
    outbox.close(app)
