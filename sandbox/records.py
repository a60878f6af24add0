"""What the sandbox remembers: phones, messages, calls, mails, and the posts it made.

Plain data with a few readings of it; it must not know how any of it comes about.
"""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.faults import Plan
from sandbox.twiml import Gather, Say, Verb

OUTBOUND = frozenset({"outbound-api", "outbound-reply"})
INBOUND = "inbound"
CARRIER = "carrier"  # the carrier's own answer to STOP, START or HELP; not in the account's list

FINAL_CALL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

TWO_WAY, ONE_WAY, LANDLINE = "two_way", "one_way", "landline"
PHONE_KINDS = (TWO_WAY, ONE_WAY, LANDLINE)

_CODE = re.compile(r"(?<![0-9A-Za-z])1[ \u00a0]([A-HJ-NP-Z2-9]{4})(?![0-9A-Za-z])")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


@dataclass
class Phone:
    """One phone of the pretend network. `opted_out` is as the carrier has it."""

    number: str
    label: str = ""
    kind: str = TWO_WAY
    opted_out: bool = False
    activity: int = 0  # grows; the phone with the highest was busy last


@dataclass
class Message:
    """One text. `seq` is its place among all; `arrival` among those that reached phones, or 0."""

    sid: str
    direction: str
    sender: str
    to: str
    body: str
    status: str
    created: datetime
    updated: datetime
    segments: int
    plan: Plan
    seq: int = 0
    sent: datetime | None = None
    arrival: int = 0
    callback: str = ""
    validity_s: int = 36_000
    error_code: int | None = None
    service_sid: str = ""
    held: list[dict[str, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    webhook_error: str = ""
    settled: bool = False

    @property
    def phone(self) -> str:
        """The number at the far end, which is never ours."""
        return self.sender if self.direction == INBOUND else self.to

    @property
    def ours(self) -> str:
        """The number, or alphanumeric sender, at our end."""
        return self.to if self.direction == INBOUND else self.sender

    @property
    def code(self) -> str | None:
        """The answer code: the four characters that follow both a `1` and a `2` in the text."""
        for found in _CODE.findall(self.body):
            if re.search(rf"(?<![0-9A-Za-z])2[ \u00a0]{found}(?![0-9A-Za-z])", self.body):
                return str(found)
        return None

    @property
    def link(self) -> str | None:
        """The first link in the text."""
        found = _LINK.search(self.body)
        return found.group() if found else None


@dataclass
class Call:
    """One voice call. `heard` is what the phone's owner was told so far, in order."""

    sid: str
    sender: str
    to: str
    url: str
    twiml: str
    callback: str
    events: frozenset[str]
    timeout_s: int
    created: datetime
    updated: datetime
    plan: Plan
    seq: int = 0
    status: str = "queued"
    started: datetime | None = None
    ended: datetime | None = None
    document_url: str = ""
    script: list[Verb] = field(default_factory=list)
    gather: Gather | None = None
    digits: str = ""
    heard: list[Say] = field(default_factory=list)
    pressed: str = ""
    posts: int = 0
    held: list[dict[str, str]] = field(default_factory=list)
    posting: threading.Lock = field(default_factory=threading.Lock)
    turn: int = 0  # grows when the call is waiting for something else; outdated time-outs see it

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, in whatever way."""
        return self.status in FINAL_CALL

    @property
    def duration_s(self) -> int | None:
        """Seconds from the answer to the end; None unless it was answered and has ended."""
        if self.started is None or self.ended is None:
            return None
        return round((self.ended - self.started).total_seconds())


@dataclass(frozen=True)
class Mail:
    """A mail that the application handed in instead of sending it."""

    seq: int
    to: str
    subject: str
    body: str
    at: str

    @property
    def link(self) -> str | None:
        """The first link in the mail."""
        found = _LINK.search(self.body)
        return found.group() if found else None


@dataclass(frozen=True)
class WebhookPost:
    """One post to the application; `error` is empty when it was answered properly."""

    at: datetime
    url: str
    fields: dict[str, str]
    error: str
