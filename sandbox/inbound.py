"""Texts that a phone writes: the carrier's own words, the post to the application, its answer.

It must not know what the application makes of a text.
"""

from functools import partial

from sandbox import keywords, sms
from sandbox.faults import NO_FAULTS, SMS, Kind
from sandbox.posting import post_webhook
from sandbox.records import CARRIER, INBOUND, TWO_WAY, Message
from sandbox.segments import count_segments
from sandbox.store import Store
from sandbox.twiml import BadTwimlError, read_texts
from sandbox.webhooks import WebhookError
from sandbox.wire import API_VERSION


class CannotAnswerError(Exception):
    """This phone can't send a text: it is one-way, a landline, or wrote to by a name."""


def can_answer(store: Store, number: str) -> bool:
    """Whether a text can come back from that phone."""
    known = store.phones.get(number)
    two_way = known is None or known.kind == TWO_WAY
    return two_way and ours_for(store, number).startswith("+")


def ours_for(store: Store, number: str) -> str:
    """The number, or name, that wrote to this phone last; else the configured sender."""
    for message in reversed(store.messages_by_number.get(number, [])):
        if message.direction != CARRIER:
            return message.ours
    return store.config.sender


def write_text(store: Store, phone: str, body: str, *, to: str | None = None) -> Message:
    """The owner of a phone sends a text; to the number that wrote last unless `to` is given.

    Raises CannotAnswerError.
    """
    if not can_answer(store, phone):
        raise CannotAnswerError(f"{phone} can't answer by text")
    message = _keep(store, phone, to or ours_for(store, phone), body)
    _obey(store, message)
    lost = store.faults.take(Kind.LOSE_INBOUND, SMS, phone)
    twice = store.faults.take(Kind.DUPLICATE_INBOUND, SMS, phone)
    if lost:
        message.settled = True
        return message
    for _ in range(2 if twice else 1):
        store.agenda.add(partial(_post, store, message))
    return message


def _keep(store: Store, phone: str, ours: str, body: str) -> Message:
    now = store.now()
    message = Message(
        sid=store.new_sid("SM"),
        direction=INBOUND,
        sender=phone,
        to=ours,
        body=body,
        status="received",
        created=now,
        updated=now,
        sent=now,
        segments=count_segments(body),
        plan=NO_FAULTS,
    )
    with store.change():
        store.keep_message(message)
    return message


def _obey(store: Store, message: Message) -> None:
    """The carrier's part: it keeps its own list of who opted out, and answers by itself."""
    kind = keywords.read_keyword(message.body)
    if kind is None:
        return
    phone = store.phone(message.sender)
    was_out = phone.opted_out
    with store.change():
        phone.opted_out = (was_out or kind == keywords.STOP) and kind != keywords.START
    if kind == keywords.HELP or was_out != phone.opted_out:
        sms.send_from_carrier(store, message.to, message.sender, keywords.ANSWERS[kind])


def _post(store: Store, message: Message) -> None:
    texts: list[str] = []
    error = ""
    try:
        texts = read_texts(post_webhook(store, store.config.sms_url, _fields(store, message)))
    except (WebhookError, BadTwimlError) as failure:
        error = str(failure)
    for text in texts:
        sms.send_reply(store, message.to, message.sender, text)
    with store.change():
        message.answers += texts
        message.webhook_error = error
        message.settled = True


def _fields(store: Store, message: Message) -> dict[str, str]:
    fields = {
        "AccountSid": store.config.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.sender,
        "FromCity": "",
        "FromCountry": "",
        "FromState": "",
        "FromZip": "",
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
        "ToCity": "",
        "ToCountry": "",
        "ToState": "",
        "ToZip": "",
    }
    kind = keywords.read_keyword(message.body)
    return fields | ({"OptOutType": kind} if kind else {})
