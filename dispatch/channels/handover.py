"""The frozen values between the outbox and a channel: what is to leave, and what became of it.

Plain data: nothing of the database is held while a provider is waited for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True)
class Outgoing:
    """One claimed attempt. `claimed_at` (UTC) names the claim: a later one is another try.

    `validity_s`: seconds after which the provider must give it up (None: its own limit). `trial`:
    it is the one message that shows whether a refused account is well again.
    """

    id: int
    public_id: str
    request_id: int | None
    channel: str
    to: str
    body: str
    claimed_at: datetime
    tries: int
    validity_s: int | None = None
    trial: bool = False


@dataclass(frozen=True)
class Taken:
    """The provider has it, under `sid`."""

    sid: str


@dataclass(frozen=True)
class Refused:
    """The provider said no, with its error code, and holds nothing."""

    code: int | None
    why: str


@dataclass(frozen=True)
class NotReached:
    """No connection came about, so the provider holds nothing."""

    why: str


@dataclass(frozen=True)
class Lost:
    """No usable answer: the provider may have it or not (time-out, reset, 5xx)."""

    why: str


@dataclass(frozen=True)
class Withheld:
    """We kept it ourselves: it would have gone over a cap."""


@dataclass(frozen=True)
class Mailed:
    """It went over to the mail queue with its claim."""


@dataclass(frozen=True)
class Held:
    """A message or call that the provider lists. Times in UTC; a call has no body."""

    sid: str
    to: str
    body: str
    status: str
    error_code: int | None
    created_at: datetime | None
    inbound: bool
    sender: str


Result: TypeAlias = Taken | Refused | NotReached | Lost | Withheld | Mailed
