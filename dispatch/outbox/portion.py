"""How much may leave now: the pace of the sender, and the caps on a number and on a day's spend.

Called under the sender's row, with attempts that may leave as far as their offers are concerned.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from dispatch.messages.recipients import settings
from dispatch.models import Attempt, Sender
from dispatch.outbox import caps
from dispatch.outbox.due import OfferState
from dispatch.rules import terms
from dispatch.rules.pacing import Waiting, next_batch

AHEAD_S = 0.25  # seconds: what would leave before the sender is looked at again
Allowed: TypeAlias = tuple[Attempt, OfferState | None]


def within_caps(
    session: Session, allowed: Sequence[Allowed], now: datetime
) -> tuple[list[Allowed], list[Allowed]]:
    """Those of `allowed` whose number may get more today, and those whose number may not."""
    had = caps.sent_of_late(session, {attempt.to for attempt, _ in allowed}, now)
    free: list[Allowed] = []
    full: list[Allowed] = []
    for attempt, state in allowed:
        within = had[attempt.to] < caps.most_per_number()
        (free if within else full).append((attempt, state))
        had[attempt.to] += 1
    spared = caps.spared(session, [attempt for attempt, _ in full], now) if full else set()
    free += [pair for pair in full if pair[0].id in spared]
    return free, [pair for pair in full if pair[0].id not in spared]


def in_pace(sender: Sender, free: Sequence[Allowed], now: datetime, room: int) -> list[Allowed]:
    """Those of `free` that may leave now at SENDER_RATE; calls are not paced."""
    rate = settings().sender_rate
    if rate <= 0:
        return list(free[:room])
    texts = [
        Waiting(attempt.id, attempt.priority, attempt.segments, attempt.due_at)
        for attempt, _ in free
        if attempt.channel == terms.SMS
    ]
    batch = next_batch(texts[:room], rate, now, sender.free_at, ahead_s=AHEAD_S)
    sender.free_at = batch.free_at
    ids = set(batch.ids)
    return [pair for pair in free if pair[0].id in ids or pair[0].channel != terms.SMS][:room]


def within_spend(
    session: Session, sender: Sender, chosen: Sequence[Allowed], now: datetime
) -> list[Allowed]:
    """Those of `chosen` that the day's spend still allows, which they are counted into."""
    within = []
    for attempt, state in chosen:
        if sender.spent + attempt.segments > caps.most_per_day():
            caps.report_spend(session, now)
            break
        sender.spent += attempt.segments
        within.append((attempt, state))
    return within
