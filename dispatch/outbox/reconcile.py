"""Finds out what became of attempts whose outcome nobody knows: by the provider's own list.

Never sends blindly. An attempt that a killed worker left `sending` goes back into the queue only
when the list shows, long enough afterwards, that the provider has nothing; one whose call was lost
has then failed, and is tried once more as another attempt. When the list cannot be had in time, the
next channel is used.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import requests
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from core.clock import now as clock_now
from core.db import db, writing
from core.wake import wake
from dispatch.channels import sms, voice
from dispatch.channels.handover import Held
from dispatch.models import Attempt
from dispatch.outbox.aftermath import fall_over, move_on, try_again
from dispatch.outbox.line import LATEST_S
from dispatch.outbox.receipts import apply_receipt
from dispatch.outbox.send import TIME_LIMIT_S, client_of
from dispatch.outbox.settle import hold_attempt, hold_requests
from dispatch.rules import delivery, terms

log = logging.getLogger(__name__)
# Written out, so that the partial index is found.
LIMBO = text("attempt.status IN ('sending', 'unknown')")
# So long after a claim the provider has what it will ever have of it. The call begins within
# LATEST_S, finds an address that answers (CONNECT_S for each that does not) within CONNECTED_S, and
# is given up unless an answer begins within TIME_LIMIT_S of the request: whoever answers has it.
CONNECTED_S = 15.0
PROOF_S = LATEST_S + CONNECTED_S + TIME_LIMIT_S
FIRST_LOOK_S = {terms.SENDING: PROOF_S, terms.UNKNOWN: 0}
GIVE_UP_S = 60
FORGET_S = 6 * 3600
AT_ONCE = 50
GAVE_UP = "its outcome could not be found out"
UNREADABLE = (requests.RequestException, TwilioException, ValueError, TypeError, KeyError)


@dataclass(frozen=True)
class Limbo:
    """One attempt whose outcome is not known, as it was when it was looked at."""

    id: int
    request_id: int | None
    status: str
    channel: str
    to: str
    body: str
    claimed_at: datetime | None

    def age_s(self, now: datetime) -> float:
        """Seconds since it was claimed."""
        return (now - self.claimed_at).total_seconds() if self.claimed_at else 0.0


def reconcile(now: datetime) -> int:
    """Looks up at the provider what became of attempts in limbo; returns how many are settled.

    Opens its own transactions, and none while it waits for the provider.
    """
    client, settled, answers = client_of(current_app), 0, True
    for limbo in _in_limbo(now):
        held = _held_for(client, limbo) if answers else None
        answers = held is not None  # a provider that is gone is not waited for again and again
        with writing() as session:
            settled += _settle(session, limbo, held, clock_now(session))
    return settled


def _in_limbo(now: datetime) -> list[Limbo]:
    columns = (
        Attempt.id, Attempt.request_id, Attempt.status, Attempt.channel, Attempt.to, Attempt.body,
        Attempt.claimed_at,
    )  # fmt: skip
    query = select(*columns).where(LIMBO).order_by(Attempt.claimed_at)
    session = db.session()
    rows = [Limbo(*row) for row in session.execute(query.limit(10 * AT_ONCE))]
    session.commit()
    return [row for row in rows if row.age_s(now) >= FIRST_LOOK_S[row.status]][:AT_ONCE]


def _held_for(client: Client, limbo: Limbo) -> list[Held] | None:
    """The newest that the provider holds for that number; None when it does not say.

    Not by date: its clock and ours may differ, and a text overlooked would be sent twice.
    """
    listing = voice.held_for if limbo.channel == terms.VOICE else sms.held_for
    try:
        return listing(client, limbo.to)
    except UNREADABLE as error:
        log.warning("the provider's list was not read", extra={"fault": type(error).__name__})
        return None


def _settle(session: Session, limbo: Limbo, held: list[Held] | None, now: datetime) -> bool:
    hold_requests(session, [limbo.request_id])
    attempt = hold_attempt(session, limbo.id)
    if attempt.status != limbo.status or attempt.claimed_at != limbo.claimed_at:
        return False  # a receipt or another worker was quicker
    match = None if held is None else _match(session, attempt, held)
    if match is not None:
        heard = delivery.status_of(match.status) or terms.SENT
        code = match.error_code
        return apply_receipt(session, attempt, match.sid, heard, error_code=code, now=now)
    if held is not None and limbo.age_s(now) >= PROOF_S:
        _was_never_taken(session, attempt, now)
        return True
    if held is None and limbo.age_s(now) >= GIVE_UP_S:
        _give_up(session, attempt, limbo.age_s(now), now)
    return False


def _match(session: Session, attempt: Attempt, held: Sequence[Held]) -> Held | None:
    """The oldest of `held` that is this message and no other attempt's."""
    alike = [each for each in held if not each.inbound and _says(each, attempt)]
    owned = set(
        session.scalars(
            select(Attempt.provider_sid).where(
                Attempt.provider_sid.in_([each.sid for each in alike]), Attempt.id != attempt.id
            )
        )
    )
    free = [each for each in alike if each.sid not in owned]
    return free[-1] if free else None


def _says(held: Held, attempt: Attempt) -> bool:
    """Whether a listed message is this text: providers put their own words before or after it."""
    return attempt.channel == terms.VOICE or _plain(attempt.body) in _plain(held.body)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _was_never_taken(session: Session, attempt: Attempt, now: datetime) -> None:
    if attempt.status == terms.SENDING:
        attempt.status, attempt.due_at, attempt.error = terms.QUEUED, now, "never sent"
        wake(session)
        return
    attempt.status, attempt.ended_at = terms.FAILED, now
    attempt.error = "the provider never had it"
    if not try_again(session, attempt, now):
        move_on(session, attempt, now)


def _give_up(session: Session, attempt: Attempt, age_s: float, now: datetime) -> None:
    """It cannot be found out in time: the next channel, once; the question stays open for hours.

    The text may have arrived, so its offer keeps the window that it has.
    """
    if age_s >= FORGET_S:
        attempt.status, attempt.ended_at = terms.FAILED, now
    elif attempt.error != GAVE_UP:
        attempt.status, attempt.error = terms.UNKNOWN, GAVE_UP
        fall_over(session, attempt, now)
