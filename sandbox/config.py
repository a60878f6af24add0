"""What one sandbox is told at its start: account, sender, where to post, how fast things happen.

It must not know how any of it is used.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from sandbox.webhooks import post_form

# Posts form fields with headers to a URL and returns the body of the answer.
# Raises WebhookError when there was no usable answer.
Post: TypeAlias = Callable[[str, dict[str, str], dict[str, str]], str]

# The account of the demo. It opens nothing but a sandbox on loopback.
DEMO_ACCOUNT_SID = "AC" + "5a" * 16
DEMO_AUTH_TOKEN = "sandbox-token-of-the-demo"  # noqa: S105 - public on purpose
DEMO_SENDER = "+15005550006"


class UnsafeConfigError(ValueError):
    """The sandbox was told something that it must refuse; the text says what."""


def utc_now() -> datetime:
    """The wall clock, as an aware UTC time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class SandboxConfig:
    """Settings of one sandbox; times are in seconds.

    `automatic` runs deliveries and webhooks in the background; without it nothing moves until
    somebody calls `store.deliver_due()`. `step_s` is the pause between queued, sent and delivered.
    `hang_s` is how long a request that is made to time out is held. Raises UnsafeConfigError.
    """

    account_sid: str = DEMO_ACCOUNT_SID
    auth_token: str = DEMO_AUTH_TOKEN
    sender: str = DEMO_SENDER
    sms_url: str = "http://localhost:5000/twilio/sms"
    automatic: bool = True
    step_s: float = 0.0
    gather_s: float = 60.0
    hang_s: float = 30.0
    workers: int = 8
    reported: frozenset[str] = field(
        default=frozenset({"sent", "delivered", "undelivered", "failed"})
    )
    post: Post = post_form
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        if not re.fullmatch(r"AC[0-9a-f]{32}", self.account_sid):
            raise UnsafeConfigError("The account SID must be AC and 32 hexadecimal digits.")
        if len(self.auth_token) < 8:
            raise UnsafeConfigError("The auth token must have at least 8 characters.")
