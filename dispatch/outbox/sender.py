"""The row that all workers share for our sender: its pace, its breaker, its day's spend.

Every text and call is claimed under this row's lock; nothing else waits for it.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.inserting import for_kind, unless_there
from dispatch.models import Sender

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HELD = (
    select(Sender)
    .where(Sender.name == bindparam("name"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
MAKE = unless_there(Sender, Sender.name)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 30, 600


def hold_sender(session: Session, name: str, now: datetime) -> Sender:
    """The locked row of the sender `name`, made when there is none; its spend is today's."""
    found = session.scalars(HELD, {"name": name}).one_or_none()
    if found is None:
        blank = {"name": name, "free_at": LONG_AGO, "day": now.date(), "spent": 0, "refusals": 0}
        session.connection().execute(for_kind(session, MAKE), blank)
        found = session.scalars(HELD, {"name": name}).one()
    if found.day != now.date():
        found.day, found.spent = now.date(), 0
    return found


def is_shut(sender: Sender, now: datetime) -> bool:
    """Whether the breaker lets nothing leave at `now`."""
    return sender.shut_until is not None and now < sender.shut_until


def is_on_trial(sender: Sender, now: datetime) -> bool:
    """Whether one single message may leave, to see whether the account is well again."""
    return sender.shut_until is not None and now >= sender.shut_until


def begin_trial(sender: Sender, now: datetime) -> None:
    """One message leaves; no other until it is known what became of it."""
    sender.shut_until = now + timedelta(seconds=_pause_s(sender.refusals))


def shut(sender: Sender, now: datetime) -> None:
    """The account was refused: stops sending. Others that were under way add nothing."""
    if sender.shut_until is None:
        sender.refusals = 1
        sender.shut_until = now + timedelta(seconds=_pause_s(1))


def shut_for_longer(sender: Sender, now: datetime) -> None:
    """The trial was refused, too: the next one comes later."""
    sender.refusals += 1
    sender.shut_until = now + timedelta(seconds=_pause_s(sender.refusals))


def reopen(sender: Sender) -> bool:
    """The provider took a message: all may leave again. True when it was shut before."""
    was_shut = sender.shut_until is not None
    sender.shut_until, sender.refusals = None, 0
    return was_shut


def _pause_s(refusals: int) -> float:
    doubled: float = FIRST_PAUSE_S * 2.0 ** max(0, min(refusals, 10) - 1)
    return min(LONGEST_PAUSE_S, doubled)
