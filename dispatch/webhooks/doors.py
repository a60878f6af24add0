"""The provider's doors: texts that come in, receipts, and calls. Signed, or shut.

Answers 200 with TwiML; 403 to whatever is not the provider's; a 5xx only when what came could not
be stored. Decides nothing: `answers` and `outbox` do.
"""

import re

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.settings import Settings
from core.web import public_url
from dispatch import answers, proving, wording
from dispatch.messages import OFFER, PROOF
from dispatch.models import Attempt, Offer
from dispatch.outbox import record_receipt
from dispatch.rules import terms
from dispatch.webhooks.inbound import Text, clean, take_in
from dispatch.webhooks.signature import check_webhook

bp = Blueprint("twilio", __name__, url_prefix="/twilio")
YES = frozenset({"accepted", "already_accepted"})
NO = frozenset({"declined", "already_declined"})
ACCEPT, DECLINE = "1", "2"


@bp.post("/sms")
@open_to_all
def inbound_sms() -> Response:
    """A text from somebody's phone; the answer, if any, goes back as TwiML."""
    received_at = now()  # before any lock: an answer counts from when it reached us
    fields = _check("MessageSid", "From", "Body")
    text = Text(fields["MessageSid"], fields["From"], fields.get("To", ""), clean(fields["Body"]))
    answer = take_in(text, received_at)
    response = MessagingResponse()
    if answer:
        response.message(answer)
    return _twiml(response)


@bp.post("/status/<attempt>")
@open_to_all
def receipt(attempt: str) -> Response:
    """What became of a message or a call of ours."""
    moment = now()
    fields = _check()
    sid = fields.get("MessageSid") or fields.get("CallSid", "")
    status = fields.get("MessageStatus") or fields.get("CallStatus", "")
    code = fields.get("ErrorCode", "")
    if sid and status and _is_public_id(attempt):
        with writing() as session:
            record_receipt(
                session, attempt, sid, status, error_code=int(code) if code else None, now=moment
            )
    return _twiml(MessagingResponse())


@bp.post("/voice/<attempt>")
@open_to_all
def answered_call(attempt: str) -> Response:
    """Somebody has picked up: what to say to them."""
    moment = now()
    fields = _check("CallSid", "To")
    called = _find(attempt, fields["To"])
    if called is None:
        return _twiml(VoiceResponse())
    if called.purpose == PROOF:
        return _twiml(proving.ask(called, moment, _gather_url(called)))
    offer = called.offer
    if offer is None or offer.status != terms.OPEN or offer.deadline <= moment:
        return _twiml(wording.over_call(called.language))
    return _twiml(wording.offer_call(offer, moment, _gather_url(called)))


@bp.post("/voice/<attempt>/gather")
@open_to_all
def pressed_key(attempt: str) -> Response:
    """The key that was pressed: 1 accepts, 2 declines, any other is asked again."""
    received_at = now()
    fields = _check("CallSid", "To")
    called, digits = _find(attempt, fields["To"]), fields.get("Digits", "")
    if called is not None and called.purpose == PROOF:
        return _twiml(proving.take_key(called, digits, received_at, _gather_url(called)))
    if called is None or called.offer is None:
        return _twiml(VoiceResponse())
    if digits not in {ACCEPT, DECLINE}:
        return _twiml(wording.offer_call(called.offer, received_at, _gather_url(called)))
    language, offer_id = called.language, called.offer.id
    with writing() as session:
        outcome = answers.answer_offer(
            session, session.get_one(Offer, offer_id), accept=digits == ACCEPT,
            received_at=received_at, via="voice",
        )  # fmt: skip
    return _twiml(
        wording.outcome_call(language, accepted=outcome in YES, in_time=outcome in YES | NO)
    )


def _check(*needed: str) -> dict[str, str]:
    settings: Settings = current_app.extensions["settings"]
    return check_webhook(request, settings, *needed)


def _find(public_id: str, to: str) -> Attempt | None:
    """The call, about an offer or the phone itself, that was placed to the number `to`."""
    if not _is_public_id(public_id):
        return None
    query = select(Attempt).where(
        Attempt.public_id == public_id,
        Attempt.channel == terms.VOICE,
        Attempt.purpose.in_((OFFER, PROOF)),
        Attempt.to == to,
    )
    return db.session.scalars(query).one_or_none()


def _is_public_id(text: str) -> bool:
    return re.fullmatch(r"[a-z2-7]{26}", text) is not None


def _gather_url(attempt: Attempt) -> str:
    return public_url(f"/twilio/voice/{attempt.public_id}/gather")


def _twiml(document: object) -> Response:
    return Response(str(document), mimetype="text/xml")
