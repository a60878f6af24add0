"""Which state may follow which, for requests, offers, attempts and missions.

The only tables of allowed moves; knows nothing of how or why a move is made.
"""

from collections.abc import Mapping
from typing import TypeAlias

from dispatch.rules import terms

Machine: TypeAlias = Mapping[str, frozenset[str]]


class MoveNotAllowedError(ValueError):
    """A state was to change in a way that its machine does not know."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} may not become {new}")
        self.old = old
        self.new = new


def _machine(**moves: tuple[str, ...]) -> Machine:
    return {state: frozenset(following) for state, following in moves.items()}


REQUEST: Machine = _machine(
    awaiting_confirmation=(terms.SEARCHING, terms.CANCELLED),
    searching=(terms.ASSIGNED, terms.UNFILLED, terms.PAUSED, terms.CANCELLED),
    paused=(terms.SEARCHING, terms.CANCELLED),
    # An expert dropped out, or one more is wanted.
    assigned=(terms.SEARCHING, terms.CLOSED, terms.CANCELLED),
    unfilled=(terms.SEARCHING, terms.CANCELLED),
    closed=(),
    cancelled=(),
)

OFFER: Machine = _machine(
    open=(terms.ACCEPTED, terms.DECLINED, terms.LAPSED, terms.UNDELIVERABLE, terms.WITHDRAWN),
    accepted=(),
    declined=(),
    expired=(),
    undeliverable=(),
    withdrawn=(),
)

ATTEMPT: Machine = _machine(
    # Dropped: its offer ended before it was handed over.
    queued=(terms.SENDING, terms.DROPPED),
    # A receipt may overtake the answer to the call that caused it, hence `delivered`. Back to
    # `queued` only when the provider said that it took nothing (20429), so that it holds nothing.
    sending=(terms.SENT, terms.DELIVERED, terms.FAILED, terms.UNKNOWN, terms.QUEUED, terms.DROPPED),
    unknown=(terms.SENT, terms.DELIVERED, terms.FAILED),
    sent=(terms.DELIVERED, terms.FAILED),
    delivered=(),
    failed=(),
    dropped=(),
)

MISSION: Machine = _machine(
    accepted=(terms.STARTED, terms.WITHDRAWN),
    started=(terms.DONE, terms.WITHDRAWN),
    done=(terms.REVIEWED,),
    reviewed=(),
    withdrawn=(),
)


def check(machine: Machine, old: str, new: str) -> None:
    """Nothing when `old` may become `new`; raises MoveNotAllowedError when not, or if equal."""
    if new not in machine.get(old, frozenset()):
        raise MoveNotAllowedError(old, new)


def is_final(machine: Machine, state: str) -> bool:
    """Whether nothing can follow on `state`."""
    return not machine[state]
