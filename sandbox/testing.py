"""For tests: a running sandbox, and phones and mailboxes that expect, answer and refuse.

    with running_sandbox(SandboxConfig(sms_url=..., automatic=False)) as sandbox:
        amina = sandbox.phone("+12025550101")
        amina.expect_text("flood").code
        amina.accept()

Nothing here sleeps: whoever waits is woken by what happens.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.app import create_sandbox, store_of
from sandbox.config import SandboxConfig
from sandbox.faults import ALL, Fault, Kind
from sandbox.handset import Handset
from sandbox.records import Mail
from sandbox.server import SandboxServer
from sandbox.store import Store

PATIENCE_S = 5.0


class MailMissingError(AssertionError):
    """A mail that was expected did not come."""


class Mailbox:
    """The mails to one address."""

    def __init__(self, store: Store, address: str) -> None:
        self._store = store
        self.address = address
        self._read = 0

    def expect_mail(self, *containing: str, timeout_s: float = PATIENCE_S) -> Mail:
        """The next mail whose subject and body contain all of these. Raises MailMissingError."""

        def look() -> Mail | None:
            for mail in self._store.mails_to(self.address, after=self._read):
                if all(part in f"{mail.subject}\n{mail.body}" for part in containing):
                    return mail
            return None

        found = self._store.wait_for(look, timeout_s)
        if found is None:
            subjects = [mail.subject for mail in self._store.mails_to(self.address)]
            raise MailMissingError(f"no mail to {self.address} with {containing}; has {subjects}")
        self._read = found.seq
        return found


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers at `url`."""

    url: str
    store: Store

    def phone(self, number: str, label: str = "") -> Handset:
        """The phone with that number, in the hand of its owner. Nothing on it has been read."""
        with self.store.change():
            phone = self.store.phone(number)
            phone.label = label or phone.label
        return Handset(self.store, number)

    def mailbox(self, address: str) -> Mailbox:
        """The mails to that address."""
        return Mailbox(self.store, address)

    def settle(self) -> None:
        """Let everything that is under way arrive, and every webhook be answered."""
        if not self.store.settle():
            raise AssertionError("the sandbox did not come to rest")

    def pass_time(self, seconds: float) -> None:
        """Move the sandbox's clock forward, and let happen what falls due by that."""
        self.store.pass_time(seconds)
        self.settle()

    def add_fault(self, fault: Fault) -> None:
        """Let something go wrong."""
        self.store.faults.add(fault)

    def go_down(self, status: int = 503) -> None:
        """Every request is answered with that status, until `come_back`."""
        self.store.faults.add(Fault(Kind.REJECT, where=ALL, times=None, status=status))

    def come_back(self) -> None:
        """Nothing goes wrong any more."""
        self.store.faults.clear()


@contextmanager
def running_sandbox(config: SandboxConfig | None = None) -> Iterator[RunningSandbox]:
    """A sandbox on a free port of loopback, gone at the end of the block."""
    app = create_sandbox(config)
    with SandboxServer(app) as server:
        yield RunningSandbox(server.url, store_of(app))
