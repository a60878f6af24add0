"""A pretend Twilio that speaks HTTP on loopback and posts its webhooks into the application."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from sandbox.config import SandboxConfig
from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.webhooks import WebhookError
from tests.conftest import ENVIRONMENT

SMS_URL = f"{ENVIRONMENT['PUBLIC_URL']}/twilio/sms"


class Door:
    """Takes what the sandbox posts to the application's door, as a web server would."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self.answers: list[tuple[str, int]] = []

    def post(self, url: str, fields: dict[str, str], headers: dict[str, str]) -> str:
        """Posts a form; raises WebhookError when the answer is no 200."""
        if self.app is None:
            raise WebhookError("no application yet")
        client = FlaskClient(self.app)
        path = urlsplit(url).path
        answer = contextvars.Context().run(client.post, path, data=fields, headers=headers)
        self.answers.append((path, answer.status_code))
        if answer.status_code != 200:
            raise WebhookError(f"{path} answered {answer.status_code}")
        return answer.get_data(as_text=True)


@contextmanager
def provider(door: Door, *, automatic: bool = False) -> Iterator[RunningSandbox]:
    """The sandbox, with the account that the tests' environment names."""
    config = SandboxConfig(
        account_sid=ENVIRONMENT["TWILIO_ACCOUNT_SID"],
        auth_token=ENVIRONMENT["TWILIO_AUTH_TOKEN"],
        sender=ENVIRONMENT["TWILIO_SENDER"],
        sms_url=SMS_URL,
        automatic=automatic,
        post=door.post,
        hang_s=5.0,
    )
    with running_sandbox(config) as running:
        yield running
