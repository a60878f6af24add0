"""What a provider's receipt or error means for an attempt; sends nothing and stores nothing.

Twilio's statuses come late, twice and out of order, and may overtake the answer to the call that
caused them; an attempt's status only ever goes forward.
"""

from collections.abc import Mapping
from enum import Enum

from dispatch.rules import terms


class Consequence(Enum):
    """What follows from an error."""

    NEXT_CHANNEL = "next_channel"
    NEXT_CHANNEL_AND_TELL = "next_channel_and_tell"  # ours to fix: duty officers are told
    RETRY_ONCE = "retry_once"  # passing: once more, if the deadline leaves room
    STOP_SENDING = "stop_sending"  # the account: breaker, other channels, duty officer
    BACK_OFF = "back_off"  # nothing was taken: the same attempt again, later
    IGNORE = "ignore"  # our own deadline did its work


# Twilio's words for a message and for a call. With them it has taken the message: `sent` is ours.
RECEIPTS: Mapping[str, str] = {
    "accepted": terms.SENT,
    "scheduled": terms.SENT,
    "queued": terms.SENT,
    "sending": terms.SENT,
    "sent": terms.SENT,
    "delivered": terms.DELIVERED,
    "read": terms.DELIVERED,
    "undelivered": terms.FAILED,
    "failed": terms.FAILED,
    "canceled": terms.FAILED,
    "initiated": terms.SENT,
    "ringing": terms.SENT,
    "in-progress": terms.SENT,
    "completed": terms.DELIVERED,
    "busy": terms.FAILED,
    "no-answer": terms.FAILED,
}

CONSEQUENCES: Mapping[int, Consequence] = {
    # The number cannot be reached by text.
    21211: Consequence.NEXT_CHANNEL,
    21610: Consequence.NEXT_CHANNEL,
    21614: Consequence.NEXT_CHANNEL,
    21635: Consequence.NEXT_CHANNEL,
    30005: Consequence.NEXT_CHANNEL,
    30006: Consequence.NEXT_CHANNEL,
    # Ours to fix: country not enabled, sender not registered, blocked, filtered.
    21408: Consequence.NEXT_CHANNEL_AND_TELL,
    30034: Consequence.NEXT_CHANNEL_AND_TELL,
    30450: Consequence.NEXT_CHANNEL_AND_TELL,
    30007: Consequence.NEXT_CHANNEL_AND_TELL,
    # Passing: queue overflow, handset unreachable, unknown error.
    30001: Consequence.RETRY_ONCE,
    30003: Consequence.RETRY_ONCE,
    30008: Consequence.RETRY_ONCE,
    # The account: credentials, not active, suspended.
    20003: Consequence.STOP_SENDING,
    20403: Consequence.STOP_SENDING,
    30002: Consequence.STOP_SENDING,
    10001: Consequence.STOP_SENDING,
    20429: Consequence.BACK_OFF,
    30036: Consequence.IGNORE,
}

# The carrier has been told by this person to send no more (STOP): an opt-out that we missed.
UNSUBSCRIBED = 21610
# No text will ever reach these numbers: the roster keeps that in mind.
UNREACHABLE = frozenset({21211, 21614, 21635, 30005, 30006})

_ORDER = (terms.SENDING, terms.UNKNOWN, terms.SENT, terms.DELIVERED)
_TERMINAL = frozenset({terms.DELIVERED, terms.FAILED, terms.DROPPED})


def status_of(receipt: str) -> str | None:
    """Our status for a word of Twilio's, of a message or of a call; None when we don't know it."""
    return RECEIPTS.get(receipt.strip().lower())


def later(old: str, new: str) -> str:
    """The status after hearing `new` in state `old`: `new` when that is further on, else `old`.

    Delivered, failed and dropped are final; whichever is heard first stays. What was never handed
    over (`queued`) has no receipts.
    """
    if old in _TERMINAL or old == terms.QUEUED or new not in (*_ORDER, terms.FAILED):
        return old
    if new == terms.FAILED or _ORDER.index(new) > _ORDER.index(old):
        return new
    return old


def consequence(error_code: int | None) -> Consequence:
    """What an error code calls for; a failure we know nothing of moves on at once."""
    if error_code is None:
        return Consequence.NEXT_CHANNEL
    return CONSEQUENCES.get(error_code, Consequence.NEXT_CHANNEL)
