"""Asks the provider about messages of open offers of which no receipt has come: callbacks get lost,
and a failed delivery must not wait out the reply window.
"""

import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, text
from twilio.rest import Client

from core.clock import now as clock_now
from core.db import db, writing
from dispatch.channels import sms, voice
from dispatch.channels.handover import Held
from dispatch.messages import OFFER
from dispatch.models import Attempt, Offer
from dispatch.outbox.receipts import apply_receipt
from dispatch.outbox.reconcile import UNREADABLE
from dispatch.outbox.send import client_of
from dispatch.outbox.settle import hold_attempt, hold_requests
from dispatch.rules import delivery, terms

log = logging.getLogger(__name__)
SILENT_FOR = timedelta(seconds=30)
WORTH_ASKING = timedelta(minutes=15)
AT_ONCE = 50
OPEN_OFFER = text("offer.status = 'open'")  # a literal, so that the partial index is found


def ask_about_silent(now: datetime) -> int:
    """Looks up messages that were handed over and not heard of since; returns how many moved on."""
    client, moved = client_of(current_app), 0
    for attempt_id, request_id, channel, sid in _silent(now):
        held = _state_of(client, channel, sid)
        if held is None:
            break  # the provider is gone; next time
        heard = delivery.status_of(held.status)
        if heard is None or heard == terms.SENT:
            continue
        with writing() as session:
            hold_requests(session, [request_id])
            attempt = hold_attempt(session, attempt_id)
            moment = clock_now(session)
            moved += apply_receipt(
                session, attempt, sid, heard, error_code=held.error_code, now=moment
            )
    return moved


def _silent(now: datetime) -> list[tuple[int, int | None, str, str]]:
    query = (
        select(Attempt.id, Attempt.request_id, Attempt.channel, Attempt.provider_sid)
        .join(Offer, Offer.id == Attempt.offer_id)
        .where(OPEN_OFFER, Attempt.purpose == OFFER, Attempt.status == terms.SENT)
        .where(Attempt.sent_at.between(now - WORTH_ASKING, now - SILENT_FOR))
        .where(Attempt.provider_sid.is_not(None))
        .order_by(Attempt.priority, Attempt.sent_at)
        .limit(AT_ONCE)
    )
    session = db.session()
    rows = [(row[0], row[1], row[2], str(row[3])) for row in session.execute(query)]
    session.commit()
    return rows


def _state_of(client: Client, channel: str, sid: str) -> Held | None:
    try:
        if channel == terms.VOICE:
            return voice.state_of(client, sid)
        return sms.state_of(client, sid)
    except UNREADABLE as error:
        log.warning("a message was not looked up", extra={"fault": type(error).__name__})
        return None
