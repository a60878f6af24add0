"""Lets no telephone ring for an offer that is over, because it was answered by text, say.

Each call is asked to stop once: what that leads to is a receipt like any other, and a call that
was not heard of rings out by itself. One that somebody has picked up is never cut off.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, text
from twilio.rest import Client

from core.clock import now as clock_now
from core.db import db, writing
from dispatch.channels import voice
from dispatch.channels.handover import Held
from dispatch.messages import OFFER
from dispatch.models import Attempt, Offer
from dispatch.outbox.receipts import apply_receipt
from dispatch.outbox.reconcile import UNREADABLE
from dispatch.outbox.send import client_of
from dispatch.outbox.settle import hold_attempt, hold_requests
from dispatch.rules import delivery, terms

log = logging.getLogger(__name__)
RINGS_FOR = timedelta(seconds=voice.RING_S + 15)
AT_ONCE = 20
TOLD = "told to stop ringing"
# A literal, so that the partial index is found.
RINGING = text("attempt.channel = 'voice' AND attempt.status = 'sent'")
IN_VAIN = (
    select(Attempt)
    .join(Offer, Offer.id == Attempt.offer_id)
    .where(RINGING, Attempt.purpose == OFFER, Offer.status != terms.OPEN)
    .where(Attempt.provider_sid.is_not(None), Attempt.error != TOLD)
)


@dataclass(frozen=True)
class Call:
    """A call that rings in vain, by the numbers of its rows and the provider's `sid`."""

    attempt: int
    request: int | None
    sid: str


def stop_ringing(now: datetime) -> int:
    """Ends the calls that ring for offers which are over at `now` (UTC); returns how many ended.

    Opens its own transactions, and none while it waits for the provider.
    """
    client, ended = client_of(current_app), 0
    for call in _claim(now):
        held = _stop(client, call.sid)
        heard = delivery.status_of(held.status) if held else None
        if held is None or heard in (None, terms.SENT):
            continue  # picked up, or nobody knows
        with writing() as session:
            hold_requests(session, [call.request])
            attempt, moment = hold_attempt(session, call.attempt), clock_now(session)
            code = held.error_code
            ended += apply_receipt(session, attempt, call.sid, heard, error_code=code, now=moment)
    return ended


def _claim(now: datetime) -> list[Call]:
    """The calls to stop, each given to one worker and once only."""
    reading = db.session()
    reading.commit()  # an open read would not see what has come since it began
    wanted = IN_VAIN.where(Attempt.sent_at > now - RINGS_FOR).limit(AT_ONCE)
    anything = reading.execute(wanted.with_only_columns(Attempt.id)).first()
    reading.commit()
    if anything is None:
        return []
    with writing() as session:
        calls = []
        for attempt in session.scalars(wanted.with_for_update(of=Attempt, skip_locked=True)):
            attempt.error = TOLD
            calls.append(Call(attempt.id, attempt.request_id, str(attempt.provider_sid)))
        return calls


def _stop(client: Client, sid: str) -> Held | None:
    try:
        return voice.stop_ringing(client, sid)
    except UNREADABLE as error:
        log.warning("a call was not stopped", extra={"fault": type(error).__name__})
        return None
