"""The state of the pretend network, guarded by one lock, and waiting for it to change.

It keeps and finds things; how texts and calls go on is in `sms`, `inbound` and `voice`.
"""

import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sandbox.agenda import Agenda
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.records import Call, Mail, Message, Phone, WebhookPost

T = TypeVar("T")


class TextMissingError(AssertionError):
    """A text that was waited for did not come."""


class Store:
    """Everything that one sandbox remembers. All times are aware UTC."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.faults = Faults()
        self.agenda = Agenda(config.clock)
        self.closing = threading.Event()
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self.version = 0
        self._chance = random.Random()
        self._forget()

    def _forget(self) -> None:
        self.messages: list[Message] = []
        self.message_by_sid: dict[str, Message] = {}
        self.messages_by_number: dict[str, list[Message]] = {}
        self.arrived: list[Message] = []
        self.calls: list[Call] = []
        self.call_by_sid: dict[str, Call] = {}
        self.calls_by_number: dict[str, list[Call]] = {}
        self.phones: dict[str, Phone] = {}
        self.mails: list[Mail] = []
        self.posts: deque[WebhookPost] = deque(maxlen=500)
        self._seq = itertools.count(1)

    def reset(self) -> None:
        """Forget everything: phones, texts, calls, mails, faults, and what was to happen."""
        with self.change():
            self.agenda.clear()
            self.faults.clear()
            self._forget()

    def begin(self) -> None:
        """Begin to deliver by itself, when the configuration says so."""
        if self.config.automatic:
            self.agenda.start(self.config.workers)

    def close(self) -> None:
        """Stop delivering and let go of every held request."""
        with self.change():
            self.closing.set()
        self.agenda.stop()

    def now(self) -> datetime:
        """The sandbox's time."""
        return self.agenda.now()

    def pass_time(self, seconds: float) -> None:
        """Move the sandbox's clock forward: delays, ringing and validity periods run out.

        What was due before is delivered before.
        """
        self.settle()
        self.agenda.pass_time(seconds)

    def deliver_due(self) -> int:
        """Bring everything that is due to its end, webhooks included; how many steps it took."""
        return self.agenda.run_due()

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Deliver what is due, here or (automatic) by waiting; False when that took too long."""
        if not self.config.automatic:
            self.deliver_due()
        return self.agenda.wait_idle(timeout_s)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and at the end tell everyone who waits that something is new."""
        with self._changed:
            yield
            self.version += 1
            self._changed.notify_all()

    def wait_for(self, look: Callable[[], T], timeout_s: float) -> T:
        """Look again after every change until something true is found or the time is up."""
        end = time.monotonic() + timeout_s
        with self._changed:
            while not (found := look()) and not self.closing.is_set():
                if not self._changed.wait(max(0.0, end - time.monotonic())):
                    break
            return found

    def await_delivery(self, look: Callable[[], T], timeout_s: float) -> T:
        """As `wait_for`, for one who waits for texts: what is due is delivered meanwhile."""
        end = time.monotonic() + timeout_s
        while True:
            if not self.config.automatic:
                self.deliver_due()
            seen = self.version
            found = look()
            left_s = max(0.0, end - time.monotonic())
            if found or not self._wait_for_news(seen, left_s):
                return found

    def _wait_for_news(self, seen: int, timeout_s: float) -> bool:
        return self.wait_for(lambda: self.version != seen, timeout_s)

    def wait_for_text(
        self, phone: str | None, *, after: int = 0, timeout_s: float = 5.0
    ) -> Message:
        """The first text on a phone (None: any) after that arrival. Raises TextMissingError."""
        found = self.await_delivery(lambda: self.texts(phone, after=after), timeout_s)
        if not found:
            raise TextMissingError(f"no text reached {phone or 'any phone'} in {timeout_s} s")
        return found[0]

    def texts(self, phone: str | None = None, *, after: int = 0) -> list[Message]:
        """The texts that reached a phone (None: any) after that arrival, in order of arrival."""
        with self.lock:
            if phone is None:
                return self.arrived[after:]
            came = [text for text in self.messages_by_number.get(phone, []) if text.to == phone]
            return sorted(
                (text for text in came if text.arrival > after), key=lambda text: text.arrival
            )

    def phone(self, number: str) -> Phone:
        """The phone with that number, new or known."""
        with self.lock:
            return self.phones.setdefault(number, Phone(number))

    def next_seq(self) -> int:
        """A number that grows with everything that happens."""
        return next(self._seq)

    def keep_message(self, message: Message) -> None:
        """Remember a new message. Call it within `change()`."""
        message.seq = self.next_seq()
        self.messages.append(message)
        self.message_by_sid[message.sid] = message
        for number in {message.to, message.sender}:
            self.messages_by_number.setdefault(number, []).append(message)
        self.stir(message.phone)

    def keep_call(self, call: Call) -> None:
        """Remember a new call. Call it within `change()`."""
        call.seq = self.next_seq()
        self.calls.append(call)
        self.call_by_sid[call.sid] = call
        self.calls_by_number.setdefault(call.to, []).append(call)
        self.stir(call.to)

    def keep_mail(self, to: str, subject: str, body: str, at: str) -> Mail:
        """Remember a mail and return it."""
        with self.change():
            mail = Mail(len(self.mails) + 1, to, subject, body, at)
            self.mails.append(mail)
            return mail

    def mails_to(self, address: str | None = None, *, after: int = 0) -> list[Mail]:
        """The mails behind the `after`th, to one address (None: to any)."""
        with self.lock:
            return [mail for mail in self.mails[after:] if address in {None, mail.to}]

    def arrive(self, message: Message) -> None:
        """The text is on the phone now. Call it within `change()`."""
        self.arrived.append(message)
        message.arrival = len(self.arrived)
        self.stir(message.to)

    def stir(self, number: str) -> None:
        """The phone was busy just now: it comes first on the wall."""
        self.phone(number).activity = self.next_seq()

    def new_sid(self, prefix: str) -> str:
        """A SID as Twilio makes them."""
        return f"{prefix}{self._chance.getrandbits(128):032x}"
