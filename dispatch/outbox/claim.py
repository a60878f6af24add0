"""Claims what may leave now, in one short transaction under the sender's row.

After its commit an attempt is `sending`: from then on only the provider, or its list, says what
became of it (I6). Mails need no provider: they go over to the mail queue at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import db, writing
from core.wake import wake
from dispatch.channels.email import leave_mail
from dispatch.channels.handover import Outgoing
from dispatch.messages import OFFER
from dispatch.messages.recipients import settings
from dispatch.models import Attempt, Sender
from dispatch.outbox import due
from dispatch.outbox.portion import Allowed, in_pace, within_caps, within_spend
from dispatch.outbox.sender import begin_trial, hold_sender, is_on_trial, is_shut
from dispatch.outbox.taking import take_over
from dispatch.rules import terms

LOOKED_AT = 200
SPARE = 20  # some of those looked at may not leave


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
    reading.commit()  # an open read would not see what has come since it began
    by_provider, by_mail = due.anything_due(reading, now)
    reading.commit()  # nothing is held while the caller waits for the provider
    has_room = by_provider and room > 0
    if not (has_room or by_mail):
        return Claimed()
    with writing() as session:
        claimed = Claimed()
        if has_room:
            sender = hold_sender(session, settings().twilio_sender, now)
            claimed = _claim_for_provider(session, sender, now, room)
        if by_mail or not claimed.outgoing:  # where no text may leave, mails are brought forward
            claimed = replace(claimed, mailed=_claim_mails(session, now))
        return claimed


def _claim_mails(session: Session, now: datetime) -> list[Outgoing]:
    claimed = []
    for attempt, state in _allowed(session, now, (terms.EMAIL,), LOOKED_AT):
        leave_mail(session, attempt, now)
        claimed.append(take_over(attempt, state, now))
    return claimed


def _claim_for_provider(session: Session, sender: Sender, now: datetime, room: int) -> Claimed:
    if is_shut(sender, now):
        _bring_mails_forward(session, now)
        return Claimed()
    # With a pace, calls may leave from behind the texts that wait for it.
    limit = LOOKED_AT if settings().sender_rate > 0 else min(LOOKED_AT, 2 * room + SPARE)
    allowed = _allowed(session, now, due.BY_PROVIDER, limit)
    free, full = within_caps(session, allowed, now)
    over_cap = [take_over(attempt, state, now) for attempt, state in full]
    trial = is_on_trial(sender, now)
    chosen = free[:1] if trial else in_pace(sender, free, now, room)
    affordable = within_spend(session, sender, chosen, now)
    if len(affordable) < len(chosen):
        _bring_mails_forward(session, now)
    if trial and affordable:
        begin_trial(sender, now)
    outgoing = [
        replace(take_over(attempt, state, now), trial=trial) for attempt, state in affordable
    ]
    return Claimed(outgoing, over_cap)


def _allowed(session: Session, now: datetime, channels: Sequence[str], limit: int) -> list[Allowed]:
    """Those of the first `limit` due that may leave; those that may not any more are dropped."""
    attempts = due.due_attempts(session, now, channels, limit)
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
