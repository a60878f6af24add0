"""A running sandbox, an application that only listens, and the real Twilio client."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from twilio.rest import Client

from sandbox.config import SandboxConfig
from sandbox.testing import RunningSandbox, running_sandbox
from tests.sandbox.application import SMS_URL, Listener, client_for

Start = Callable[..., AbstractContextManager[RunningSandbox]]


@pytest.fixture
def listener() -> Listener:
    """The application that the sandbox posts to."""
    return Listener()


@pytest.fixture
def sandbox(listener: Listener) -> Iterator[RunningSandbox]:
    """A sandbox in which nothing moves by itself."""
    config = SandboxConfig(automatic=False, post=listener.take, sms_url=SMS_URL, hang_s=5.0)
    with running_sandbox(config) as running:
        yield running


@pytest.fixture
def lively(listener: Listener) -> Iterator[RunningSandbox]:
    """A sandbox that delivers by itself."""
    with running_sandbox(SandboxConfig(post=listener.take, sms_url=SMS_URL)) as running:
        yield running


@pytest.fixture
def twilio(sandbox: RunningSandbox) -> Iterator[Client]:
    """The real client, pointed at the sandbox that waits."""
    with client_for(sandbox) as client:
        yield client
