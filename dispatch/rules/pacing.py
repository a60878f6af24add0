"""How fast texts leave one sender: so many segments a second, the gravest first.

A schedule over plain values; whoever calls keeps `free_at` and knows the clock and the dice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0


@dataclass(frozen=True)
class Waiting:
    """A text that waits to leave. The lower `priority` goes first (1 is the gravest)."""

    id: int
    priority: int
    segments: int
    due_at: datetime


@dataclass(frozen=True)
class Batch:
    """What may leave now, in this order, and when the sender is free for the next one (UTC)."""

    ids: tuple[int, ...]
    free_at: datetime


def in_order(queue: Iterable[Waiting]) -> list[Waiting]:
    """The gravest first, then who has waited longest, then by id."""
    return sorted(queue, key=lambda text: (text.priority, text.due_at, text.id))


def next_batch(
    queue: Iterable[Waiting],
    rate: float,
    now: datetime,
    free_at: datetime,
    *,
    ahead_s: float = 0.0,
) -> Batch:
    """The texts that are due and may leave now at `rate` segments a second (0: all of them).

    `free_at` is when the sender has got rid of what it was given before: what the last batch said,
    or anything in the past at first. With `ahead_s` seconds the caller takes in advance what would
    leave before it looks again; over any longer time the rate is kept all the same.
    """
    due = [text for text in in_order(queue) if text.due_at <= now]
    if rate <= 0:
        return Batch(tuple(text.id for text in due), now)
    free_at = max(free_at, now)
    ids = []
    for text in due:
        if free_at > now + timedelta(seconds=ahead_s):
            break
        ids.append(text.id)
        free_at += timedelta(seconds=text.segments / rate)
    return Batch(tuple(ids), free_at)


def backlog_s(queue: Iterable[Waiting], rate: float) -> float:
    """How many seconds of sending wait in the queue."""
    return sum(text.segments for text in queue) / rate if rate > 0 else 0.0


def back_off_s(tries: int, dice: float) -> float:
    """Seconds to wait after so many refusals (1, 2, …); `dice` is random in [0, 1).

    Full jitter, so that senders refused together do not come back together: anywhere between
    nothing and a limit that doubles up to a minute (M. Brooker, "Exponential Backoff And Jitter").
    """
    limit = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(max(tries, 1), 16))
    return dice * limit
