"""What is to go wrong: faults on request, per phone or for everyone, a number of times or always.

It decides which faults a request, a message, or a post gets; others make them happen.
"""

import itertools
import threading
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """Faults. The first six meet a request to the REST interface, the others what follows it."""

    REJECT = "reject"  # answer with `status` and `code`
    SLOW = "slow"  # answer after `seconds`, otherwise as ever
    RESET_BEFORE = "reset_before"  # close the connection, nothing was accepted
    RESET_AFTER = "reset_after"  # accept, then close the connection without an answer
    HANG_BEFORE = "hang_before"  # accept nothing and never answer
    HANG_AFTER = "hang_after"  # accept, and never answer

    FAIL_DELIVERY = "fail_delivery"  # the text does not arrive, with error `code`; a call fails
    LOSE_TEXT = "lose_text"  # stays "sent" for ever
    DELAY_TEXT = "delay_text"  # stays in the queue for `seconds`
    EARLY_CALLBACKS = "early_callbacks"  # all callbacks come before the create is answered
    LOSE_CALLBACKS = "lose_callbacks"
    DELAY_CALLBACKS = "delay_callbacks"  # by `seconds`
    DUPLICATE_CALLBACKS = "duplicate_callbacks"
    REVERSE_CALLBACKS = "reverse_callbacks"  # last one first
    DUPLICATE_INBOUND = "duplicate_inbound"  # a phone's text is posted twice
    LOSE_INBOUND = "lose_inbound"  # a phone's text is not posted, but is in the account's list


SMS, VOICE, READS, ALL = "sms", "voice", "reads", "all"
WHERE = (SMS, VOICE, READS, ALL)


@dataclass(frozen=True)
class Fault:
    """One fault. `phone` None means every phone; `times` None means until it is cleared.

    `where` limits it to text messages, calls, or reading requests; times are in seconds.
    """

    kind: Kind
    phone: str | None = None
    times: int | None = 1
    where: str = SMS
    status: int = 0
    code: int | None = None
    seconds: float = 0.0
    id: int = 0

    def meets(self, kind: Kind, where: str, phone: str) -> bool:
        """Whether this fault applies."""
        return self.kind is kind and self.where in {where, ALL} and self.phone in {None, phone}


@dataclass(frozen=True)
class Plan:
    """What will go wrong with one message or call, settled when it is accepted."""

    delivery_code: int | None = None
    lose_text: bool = False
    delay_s: float = 0.0
    early: bool = False
    lose_callbacks: bool = False
    callbacks_late_s: float = 0.0
    duplicate: bool = False
    reverse: bool = False


NO_FAULTS = Plan()


class Faults:
    """The faults that are waiting for their moment."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Keep a fault, under an id of its own."""
        with self._lock:
            kept = replace(fault, id=next(self._ids))
            self._faults.append(kept)
            return kept

    def all(self) -> list[Fault]:
        """The faults that are still waiting, oldest first."""
        with self._lock:
            return list(self._faults)

    def clear(self, fault_id: int | None = None) -> None:
        """Forget one fault, or all."""
        with self._lock:
            self._faults = [
                fault for fault in self._faults if fault_id is not None and fault.id != fault_id
            ]

    def take(self, kind: Kind, where: str, phone: str) -> Fault | None:
        """The oldest fault that applies, counted down; None when all is to go well."""
        if not self._faults:
            return None
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.meets(kind, where, phone):
                    self._count_down(place, fault)
                    return fault
        return None

    def plan(self, where: str, phone: str) -> Plan:
        """Settle what will go wrong with the message or call that is being accepted."""
        if not self._faults:
            return NO_FAULTS
        failed = self.take(Kind.FAIL_DELIVERY, where, phone)
        delayed = self.take(Kind.DELAY_TEXT, where, phone)
        late = self.take(Kind.DELAY_CALLBACKS, where, phone)
        return Plan(
            delivery_code=(failed.code or 30003) if failed else None,
            lose_text=self.take(Kind.LOSE_TEXT, where, phone) is not None,
            delay_s=delayed.seconds if delayed else 0.0,
            early=self.take(Kind.EARLY_CALLBACKS, where, phone) is not None,
            lose_callbacks=self.take(Kind.LOSE_CALLBACKS, where, phone) is not None,
            callbacks_late_s=late.seconds if late else 0.0,
            duplicate=self.take(Kind.DUPLICATE_CALLBACKS, where, phone) is not None,
            reverse=self.take(Kind.REVERSE_CALLBACKS, where, phone) is not None,
        )

    def _count_down(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[place]
        else:
            self._faults[place] = replace(fault, times=fault.times - 1)
