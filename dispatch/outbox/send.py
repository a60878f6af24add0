"""Sends what is due: claim, let go of the database, call the provider, store.

One thread of a process does all the claiming and storing; the calls wait in threads of their own,
so that a provider that hangs holds up neither the other calls nor the clock.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from twilio.rest import Client

from core.clock import now as clock_now
from core.db import writing
from core.settings import Settings
from dispatch.channels import sms, voice
from dispatch.channels.handover import Mailed, Outgoing, Refused, Result, Taken, Withheld
from dispatch.channels.provider import close_client, open_client
from dispatch.outbox.claim import Claimed, claim_due
from dispatch.outbox.line import Line, Moment
from dispatch.outbox.settle import hold_requests, store
from dispatch.rules import terms

log = logging.getLogger(__name__)
THREADS = 32
TIME_LIMIT_S = 10.0
LOOK_AGAIN_S = 0.05  # while calls are under way: is there more to claim?
KEY = "outbox"
FAILED = (Refused, Withheld)  # after which others may be asked
# What a bad row may raise; it stops no other.
FAULTS = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

Done = Sequence[tuple[Outgoing, Result]]


def send_due(now: datetime) -> int:
    """Sends all that is due at `now` (UTC) and what falls due meanwhile; returns how many left.

    Comes back when nothing more may leave and every result is stored. Opens its own transactions;
    not to be called by two threads of one process at once.
    """
    line, began, left = line_of(current_app), Moment(), 0
    while True:
        since = Moment()
        claimed = claim_due(now + timedelta(seconds=began.age_s()), line.room)
        for outgoing in claimed.outgoing:
            line.begin(outgoing, since)
        results = _at_once(claimed) + line.results(LOOK_AGAIN_S if line.busy else 0)
        left += _store_all(results)
        if not (results or line.busy):
            return left


def line_of(app: Flask) -> Line:
    """The threads of `app` that wait for the provider; made when they are first needed."""
    if KEY not in app.extensions:
        chosen: Settings = app.extensions["settings"]
        size = int(app.config.get("SENDER_THREADS", THREADS))
        line = Line(partial(_call, client_of(app), chosen), size)
        app.extensions[KEY] = line
    found: Line = app.extensions[KEY]
    return found


def client_of(app: Flask) -> Client:
    """The kept-alive client of `app`; every request takes PROVIDER_TIME_LIMIT_S at most."""
    key = f"{KEY}_client"
    if key not in app.extensions:
        limit_s = float(app.config.get("PROVIDER_TIME_LIMIT_S", TIME_LIMIT_S))
        connections = int(app.config.get("SENDER_THREADS", THREADS)) + 2
        app.extensions[key] = open_client(
            app.extensions["settings"], connections=connections, timeout_s=limit_s
        )
    return app.extensions[key]


def finish(app: Flask) -> None:
    """Claims no more: `send_due` comes back when what is under way is stored."""
    line_of(app).finish()


def close(app: Flask) -> None:
    """Waits for what is under way and lets go of threads and connections; they are made anew."""
    line: Line | None = app.extensions.pop(KEY, None)
    if line is not None:
        line.close()
    client = app.extensions.pop(f"{KEY}_client", None)
    if client is not None:
        close_client(client)


def _call(client: Client, chosen: Settings, outgoing: Outgoing) -> Result:
    """Runs in a thread without database or application."""
    callback = f"{chosen.public_url}/twilio/status/{outgoing.public_id}"
    if outgoing.channel == terms.VOICE:
        url = f"{chosen.public_url}/twilio/voice/{outgoing.public_id}"
        return voice.call(client, outgoing, chosen.twilio_sender, url, callback)
    return sms.send(client, outgoing, chosen.twilio_sender, callback)


def _at_once(claimed: Claimed) -> list[tuple[Outgoing, Result]]:
    """The claims whose outcome is known without asking anybody."""
    return [(each, Mailed()) for each in claimed.mailed] + [
        (each, Withheld()) for each in claimed.over_cap
    ]


def _store_all(results: Done) -> int:
    """Stores `results` together; when that fails one by one, so that a bad row stops no other.

    One by one as well what others may be asked for next: each holds experts until it ends.
    """
    in_order = sorted(results, key=lambda pair: (pair[0].request_id or 0, pair[0].id))
    _store_together([pair for pair in in_order if not isinstance(pair[1], FAILED)])
    for pair in in_order:
        if isinstance(pair[1], FAILED):
            _store_one(pair)
    return sum(isinstance(result, Taken | Mailed) for _, result in in_order)


def _store_together(results: Done) -> None:
    if not results:
        return
    try:
        _store(results)
    except FAULTS as error:
        log.warning("stored one by one", extra={"fault": type(error).__name__})
        for pair in results:
            _store_one(pair)


def _store(results: Done) -> None:
    with writing() as session:
        moment = clock_now(session)
        hold_requests(session, [outgoing.request_id for outgoing, _ in results])
        store(session, results, moment)


def _store_one(pair: tuple[Outgoing, Result]) -> None:
    """What cannot be stored stays `sending`, and is looked up at the provider later."""
    try:
        _store([pair])
    except FAULTS as error:
        log.error("not stored", extra={"attempt": pair[0].public_id, "fault": type(error).__name__})
