"""What a filing and a reply cost the web server, in CPU, against a request that does nothing."""

import statistics
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from bench.first_text import crisis
from bench.processes import Running, port_of
from bench.wire import Request, as_json, ask_all
from dispatch.models import Offer
from roster.models import Expert

COUNT, ROUNDS = 25, 4
NO_OP = Request("GET", "/healthz")


def measure(system: Running, session: Session, token: str) -> dict[str, float]:
    """Milliseconds of a core of the web server for each; medians of a few rounds."""
    port = port_of(system.web)
    filings, replies, nothing = [], [], []
    for place in range(ROUNDS + 1):  # the first one pays for caches
        nothing.append(_cost(system, lambda: ask_all(port, [NO_OP] * COUNT * 4, 1)) / 4)
        calls = [_filing(place * COUNT + number, token) for number in range(COUNT)]
        filings.append(_cost(system, partial(_all, port, calls)))
        texts = _answers(system, session, place)
        replies.append(_cost(system, partial(_all, port, texts)))
    no_op = statistics.median(nothing[1:])
    return {
        "no_op_ms": no_op,
        "filing_ms": statistics.median(filings[1:]),
        "filing_spread_ms": max(filings[1:]) - min(filings[1:]),
        "filing_x": statistics.median(filings[1:]) / no_op,
        "reply_ms": statistics.median(replies[1:]),
        "reply_spread_ms": max(replies[1:]) - min(replies[1:]),
        "reply_x": statistics.median(replies[1:]) / no_op,
    }


def _cost(system: Running, work: Callable[[], object]) -> float:
    before = system.web_cpu_s()
    work()
    return (system.web_cpu_s() - before) * 1000 / COUNT


def _all(port: int, calls: Sequence[Request]) -> None:
    wrong = [answer for answer in ask_all(port, calls, 1) if answer[0] not in {200, 201}]
    if wrong:
        raise RuntimeError(f"refused: {wrong[0]}")


def _filing(number: int, token: str) -> Request:
    return as_json("POST", "/api/v1/crises", crisis(number), token)


def _answers(system: Running, session: Session, place: int) -> list[Request]:
    """A signed yes to each open offer, as many as were filed."""
    session.rollback()
    query = select(Offer.code, Expert.phone).join(Expert).where(Offer.status == "open")
    offers = session.execute(query.order_by(Offer.id).limit(COUNT)).all()
    validator = RequestValidator(system.environment["TWILIO_AUTH_TOKEN"])
    url = f"{system.web}/twilio/sms"
    texts = []
    for number, (code, phone) in enumerate(offers):
        fields = {
            "MessageSid": f"SM{place * COUNT + number:032x}",
            "AccountSid": system.environment["TWILIO_ACCOUNT_SID"],
            "From": phone,
            "To": system.environment["TWILIO_SENDER"],
            "Body": f"1 {code}",
        }
        headers = {
            "X-Twilio-Signature": validator.compute_signature(url, fields),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        texts.append(Request("POST", "/twilio/sms", urlencode(fields).encode(), headers))
    return texts
