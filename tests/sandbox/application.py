"""What stands in for the application in these tests: a listener, and the real Twilio client."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from sandbox.config import DEMO_AUTH_TOKEN
from sandbox.testing import RunningSandbox
from sandbox.webhooks import WebhookError

SMS_URL = "http://localhost:5000/twilio/sms"
STATUS_URL = "http://localhost:5000/twilio/status/a1"
VOICE_URL = "http://localhost:5000/twilio/voice/a1"
SENDER = "+15005550006"


@dataclass
class Listener:
    """Takes the sandbox's posts, checks that each is signed, and answers what it was told to."""

    posts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def take(self, url: str, fields: dict[str, str], headers: dict[str, str]) -> str:
        """The application's side of a post, judged by Twilio's own validator."""
        signature = headers["X-Twilio-Signature"]
        assert RequestValidator(DEMO_AUTH_TOKEN).validate(url, fields, signature)
        self.posts.append((url, fields))
        if self.broken:
            raise WebhookError("the application is broken")
        return self.answers.get(url, "<Response/>")

    def statuses(self) -> list[str]:
        """The statuses of texts that were reported, in the order in which they came."""
        return [fields["MessageStatus"] for _, fields in self.posts if "MessageStatus" in fields]

    def texts(self) -> list[dict[str, str]]:
        """The texts that came in."""
        return [fields for url, fields in self.posts if url == SMS_URL]


class _Redirected(TwilioHttpClient):
    """The real HTTP client with another address instead of api.twilio.com."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = urlsplit(url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, urlunsplit(parts), *args, **kwargs)


@contextmanager
def client_for(
    sandbox: RunningSandbox, *, token: str | None = None, timeout: float = 5.0
) -> Iterator[Client]:
    """The real Twilio client; its connections are closed at the end."""
    config = sandbox.store.config
    http = _Redirected(sandbox.url, timeout)
    try:
        yield Client(config.account_sid, token or config.auth_token, http_client=http)
    finally:
        http.session.close()
