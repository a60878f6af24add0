"""Claims what may leave now, in one short transaction under the sender's row.

After its commit an attempt is `sending`: from then on only the provider, or its list, says what
became of it (I6). Mails need no provider: they go over to the mail queue at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import db, writing
from core.wake import wake
from dispatch import wording
from dispatch.channels.email import leave_mail
from dispatch.channels.handover import Outgoing
from dispatch.messages import OFFER
from dispatch.messages.recipients import settings
from dispatch.models import Attempt, Offer, Sender
from dispatch.outbox import caps, due
from dispatch.outbox.due import OfferState
from dispatch.outbox.sender import begin_trial, hold_sender, is_on_trial, is_shut
from dispatch.rules import terms
from dispatch.rules.pacing import Waiting, next_batch
from dispatch.rules.segments import count

BY_PROVIDER = (terms.SMS, terms.VOICE)
LOOKED_AT = 200
AHEAD_S = 0.25
STALE_S = 60
Allowed: TypeAlias = tuple[Attempt, OfferState | None]
SHORTEST_VALIDITY_S, LONGEST_VALIDITY_S = 1, 36_000  # Twilio's limits


@dataclass(frozen=True)
class Claimed:
    """What was claimed: for the provider, over a cap, by mail."""

    outgoing: list[Outgoing] = field(default_factory=list)
    over_cap: list[Outgoing] = field(default_factory=list)
    mailed: list[Outgoing] = field(default_factory=list)


def claim_due(now: datetime, room: int) -> Claimed:
    """Claims at most `room` messages for the provider, and all mails, that are due at `now` (UTC).

    Opens its own transaction, and none at all when nothing is due.
    """
    reading = db.session()
    waiting = due.anything_due(reading, now)
    reading.commit()  # nothing is held while the caller waits for the provider
    if not waiting:
        return Claimed()
    with writing() as session:
        claimed = Claimed()
        if room > 0 and due.anything_due(session, now, BY_PROVIDER):
            sender = hold_sender(session, settings().twilio_sender, now)
            claimed = _claim_for_provider(session, sender, now, room)
        return replace(claimed, mailed=_claim_mails(session, now))


def _claim_mails(session: Session, now: datetime) -> list[Outgoing]:
    claimed = []
    for attempt, state in _allowed(session, now, (terms.EMAIL,)):
        leave_mail(session, attempt, now)
        claimed.append(_take(attempt, state, now))
    return claimed


def _claim_for_provider(session: Session, sender: Sender, now: datetime, room: int) -> Claimed:
    if is_shut(sender, now):
        _bring_mails_forward(session, now)
        return Claimed()
    allowed = _allowed(session, now, BY_PROVIDER)
    free, full = _within_caps(session, allowed, now)
    over_cap = [_take(attempt, state, now) for attempt, state in full]
    trial = is_on_trial(sender, now)
    chosen = free[:1] if trial else _in_pace(sender, free, now, room)
    chosen = _within_spend(session, sender, chosen, now)
    if trial and chosen:
        begin_trial(sender, now)
    outgoing = [replace(_take(attempt, state, now), trial=trial) for attempt, state in chosen]
    return Claimed(outgoing, over_cap)


def _allowed(session: Session, now: datetime, channels: Sequence[str]) -> list[Allowed]:
    """The due attempts that may leave; those that may not any more are dropped for good."""
    attempts = due.due_attempts(session, now, channels, LOOKED_AT)
    states = due.offer_states(session, attempts)
    gone = due.opted_out(session, attempts)
    allowed = []
    for attempt in attempts:
        state = states.get(attempt.offer_id or 0)
        if attempt.purpose == OFFER and state is None:
            continue  # its offer is being changed just now
        reason = due.reason_to_drop(attempt, state, gone, now)
        if reason:
            attempt.status, attempt.ended_at, attempt.error = terms.DROPPED, now, reason
        else:
            allowed.append((attempt, state))
    return allowed


def _within_caps(
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
    return free, full


def _in_pace(sender: Sender, free: Sequence[Allowed], now: datetime, room: int) -> list[Allowed]:
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


def _within_spend(
    session: Session, sender: Sender, chosen: Sequence[Allowed], now: datetime
) -> list[Allowed]:
    within = []
    for attempt, state in chosen:
        if sender.spent + attempt.segments > caps.most_per_day():
            caps.report_spend(session, now)
            _bring_mails_forward(session, now)
            break
        sender.spent += attempt.segments
        within.append((attempt, state))
    return within


def _bring_mails_forward(session: Session, now: datetime) -> None:
    """While no text can leave, the mails of the offers that wait for one leave at once."""
    waiting = select(Attempt.offer_id).where(
        *(Attempt.status == due.QUEUED, Attempt.due_at <= now, Attempt.purpose == OFFER)
    )
    moved = session.execute(
        update(Attempt)
        .where(Attempt.status == due.QUEUED, Attempt.channel == terms.EMAIL, Attempt.due_at > now)
        .where(Attempt.offer_id.in_(waiting))
        .values(due_at=now)
        .execution_options(synchronize_session=False)
        .returning(Attempt.id)
    )
    if moved.first() is not None:
        wake(session)


def _take(attempt: Attempt, state: OfferState | None, now: datetime) -> Outgoing:
    if attempt.channel == terms.SMS and attempt.purpose == OFFER and state is not None:
        _freshen(attempt, state, now)
    if attempt.channel != terms.EMAIL:
        attempt.status = terms.SENDING
    attempt.claimed_at = now
    attempt.tries += 1
    return Outgoing(
        id=attempt.id,
        public_id=attempt.public_id,
        request_id=attempt.request_id,
        channel=attempt.channel,
        to=attempt.to,
        body=attempt.body,
        claimed_at=now,
        tries=attempt.tries,
        validity_s=_validity_s(state, now),
    )


def _freshen(attempt: Attempt, state: OfferState, now: datetime) -> None:
    """A text that has waited long names a deadline that has moved meanwhile: it is said anew."""
    if (now - attempt.queued_at).total_seconds() < STALE_S:
        return
    offer = db.session().get_one(Offer, attempt.offer_id)
    deadline = state.deadline if state.sent else now + (offer.deadline - offer.created_at)
    attempt.body = wording.offer_text(offer, now, deadline)
    attempt.segments = count(attempt.body).segments


def _validity_s(state: OfferState | None, now: datetime) -> int | None:
    """What is left of the deadline, as Twilio takes it; a first hand-over starts a whole window."""
    if state is None:
        return None
    left_s = (state.deadline - now).total_seconds() if state.sent else float(state.window_s)
    return max(SHORTEST_VALIDITY_S, min(LONGEST_VALIDITY_S, int(left_s)))
