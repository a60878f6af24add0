"""Which attempts are due, the gravest first; and those of them that must not leave any more (I9).

Runs inside the claim's transaction. Rows that somebody else is changing are passed over, so that
nothing here waits for a lock: they are looked at again as soon as that change is committed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, literal_column, select
from sqlalchemy.orm import Session

from dispatch.messages import OFFER
from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.rules import terms
from roster.models import Expert

# Written out, not bound: a prepared plan for any status would pass by the partial index.
QUEUED: ColumnElement[str] = literal_column(f"'{terms.QUEUED}'")
BY_PROVIDER = (terms.SMS, terms.VOICE)
# The statements of every claim, built once.
IS_DUE = (Attempt.status == QUEUED, Attempt.due_at <= bindparam("now"))
ANYTHING = select(
    exists().where(*IS_DUE, Attempt.channel.in_(BY_PROVIDER)),
    exists().where(*IS_DUE, Attempt.channel == terms.EMAIL),
)
ATTEMPTS = (
    select(Attempt)
    .where(*IS_DUE, Attempt.channel.in_(bindparam("channels", expanding=True)))
    .order_by(Attempt.priority, Attempt.due_at, Attempt.id)
    .limit(bindparam("most"))
    .with_for_update(of=Attempt, skip_locked=True)
)
SENT = exists().where(Attempt.offer_id == Offer.id, Attempt.sent_at.is_not(None))
OFFERS = (
    select(Offer.id, Offer.status, Offer.deadline, Offer.window_s, CrisisRequest.status, SENT)
    .join(CrisisRequest, CrisisRequest.id == Offer.request_id)
    .where(Offer.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(read=True, of=Offer, skip_locked=True)
)
GONE = select(Expert.id).where(
    Expert.id.in_(bindparam("ids", expanding=True)), Expert.opted_out_at.is_not(None)
)


@dataclass(frozen=True)
class OfferState:
    """What an offer and its request allow just now. `sent`: a provider has had a message of it."""

    status: str
    deadline: datetime
    window_s: int
    request_status: str
    sent: bool


def anything_due(session: Session, now: datetime) -> tuple[bool, bool]:
    """Whether anything is due for the provider, and by mail; a read that holds nobody up."""
    by_provider, by_mail = session.execute(ANYTHING, {"now": now}).one()
    return bool(by_provider), bool(by_mail)


def due_attempts(
    session: Session, now: datetime, channels: Collection[str], limit: int
) -> list[Attempt]:
    """At most `limit` due attempts, locked, the gravest first; none that another worker holds."""
    wanted = {"now": now, "channels": list(channels), "most": limit}
    return list(session.scalars(ATTEMPTS, wanted))


def offer_states(session: Session, attempts: Iterable[Attempt]) -> dict[int, OfferState]:
    """The state of each offer that `attempts` put to somebody, locked against change.

    An offer that somebody is changing at this moment is missing.
    """
    ids = {a.offer_id for a in attempts if a.purpose == OFFER and a.offer_id is not None}
    if not ids:
        return {}
    return {row[0]: OfferState(*row[1:]) for row in session.execute(OFFERS, {"ids": list(ids)})}


def opted_out(session: Session, attempts: Iterable[Attempt]) -> set[int]:
    """The ids of the experts among the recipients who want no messages."""
    ids = {attempt.expert_id for attempt in attempts if attempt.expert_id is not None}
    return set(session.scalars(GONE, {"ids": list(ids)})) if ids else set()


def reason_to_drop(
    attempt: Attempt, state: OfferState | None, gone: Collection[int], now: datetime
) -> str:
    """Why `attempt` must never leave; empty when it may. `gone` are experts who opted out."""
    if attempt.expert_id in gone and attempt.channel != terms.EMAIL:
        return "opted out"
    if attempt.purpose != OFFER or state is None:
        return ""
    if state.status != terms.OPEN:
        return f"offer {state.status}"
    if state.deadline <= now:
        return "past its deadline"
    return "" if state.request_status in terms.ASKING else f"request {state.request_status}"
