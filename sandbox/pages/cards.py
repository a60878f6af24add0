"""What one phone shows: its texts and calls in order, and what its owner can do now.

It reads the store and changes nothing; how it looks is up to the templates.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.errors import DELIVERY_ERRORS
from sandbox.inbound import can_answer
from sandbox.records import CARRIER, INBOUND, TWO_WAY, Call, Message, Phone
from sandbox.store import Store
from sandbox.twiml import Say

CARD_LENGTH = 12
WHOLE_LENGTH = 500

_KIND_BADGES = {"one_way": "receives only", "landline": "landline"}
_CALL_NOTES = {
    "queued": "calling soon",
    "ringing": "is ringing",
    "in-progress": "talking",
    "completed": "ended",
    "busy": "declined",
    "no-answer": "missed",
    "failed": "could not be connected",
    "canceled": "given up by the caller",
}


@dataclass(frozen=True)
class Bubble:
    """One text or call on the screen; `side` is ours, theirs, carrier or call."""

    seq: int
    side: str
    text: str
    at: datetime
    note: str
    trouble: bool = False
    heard: list[Say] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """One phone on the wall. `code` is the answer code of the last text that arrived."""

    phone: Phone
    bubbles: list[Bubble]
    hidden: int
    badges: list[str]
    code: str | None
    call: Call | None
    answerable: bool


def wall(store: Store, limit: int) -> tuple[list[Card], int]:
    """The phones that were busy, the latest first, at most `limit`; and how many there are."""
    with store.lock:
        busy = [phone for phone in store.phones.values() if phone.activity]
        busy.sort(key=lambda phone: -phone.activity)
        return [card(store, phone, CARD_LENGTH) for phone in busy[:limit]], len(busy)


def quiet_phones(store: Store) -> list[Phone]:
    """The named phones that nothing has happened to, by name."""
    with store.lock:
        quiet = [phone for phone in store.phones.values() if not phone.activity and phone.label]
    return sorted(quiet, key=lambda phone: phone.label)


def card(store: Store, phone: Phone, length: int) -> Card:
    """One phone with its last `length` texts and calls."""
    with store.lock:
        texts = store.messages_by_number.get(phone.number, [])
        calls = store.calls_by_number.get(phone.number, [])
        bubbles = [text_bubble(text) for text in texts[-length:]]
        bubbles += [call_bubble(call) for call in calls[-length:]]
        bubbles.sort(key=lambda bubble: bubble.seq)
        return Card(
            phone=phone,
            bubbles=bubbles[-length:],
            hidden=max(0, len(texts) + len(calls) - length),
            badges=_badges(phone),
            code=_open_code(texts),
            call=next((call for call in reversed(calls) if not call.is_over), None),
            answerable=can_answer(store, phone.number),
        )


def text_bubble(text: Message) -> Bubble:
    """A text as a bubble."""
    if text.direction == INBOUND:
        note = f"not taken: {text.webhook_error}" if text.webhook_error else "sent"
        return Bubble(text.seq, "theirs", text.body, text.created, note, bool(text.webhook_error))
    if text.direction == CARRIER:
        return Bubble(text.seq, "carrier", text.body, text.created, "from the carrier")
    note = _delivery_note(text)
    return Bubble(text.seq, "ours", text.body, text.created, note, text.error_code is not None)


def call_bubble(call: Call) -> Bubble:
    """A call as a bubble."""
    note = _CALL_NOTES[call.status]
    if call.pressed:
        note += f", pressed {call.pressed}"
    return Bubble(call.seq, "call", "Call", call.created, note, heard=list(call.heard))


def _delivery_note(text: Message) -> str:
    if text.error_code:
        meaning = DELIVERY_ERRORS.get(text.error_code, "Unknown error")
        return f"not delivered: {text.error_code} {meaning}"
    parts = "1 segment" if text.segments == 1 else f"{text.segments} segments"
    return f"{text.status if text.arrival else 'on its way'} · {parts}"


def _badges(phone: Phone) -> list[str]:
    badges = [] if phone.kind == TWO_WAY else [_KIND_BADGES[phone.kind]]
    return [*badges, "opted out"] if phone.opted_out else badges


def _open_code(texts: list[Message]) -> str | None:
    """The code of the latest text, unless the owner has written since."""
    for text in reversed(texts):
        if text.direction == INBOUND:
            return None
        if text.arrival:
            return text.code
    return None
