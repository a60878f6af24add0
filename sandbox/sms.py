"""Texts from the application: accepted, queued, sent, delivered or not, and reported.

Each step is one action of the agenda; it must not know what a text says.
"""

from collections.abc import Mapping
from functools import partial

from sandbox import checks
from sandbox.errors import NEVER_LEFT
from sandbox.faults import NO_FAULTS, SMS, Plan
from sandbox.posting import post_webhook
from sandbox.records import CARRIER, Message
from sandbox.segments import count_segments
from sandbox.store import Store
from sandbox.webhooks import WebhookError
from sandbox.wire import API_VERSION, error_text

EXPIRED = 30036


def accept_message(store: Store, form: Mapping[str, str]) -> Message:
    """Take in a create request and set it on its way. Raises RefusedError."""
    to = checks.read_recipient(form, missing=21604)
    sender, service = checks.read_sender(form, store.config.sender)
    body = checks.read_body(form)
    validity_s = checks.read_validity_s(form)
    callback = checks.read_url(form, "StatusCallback", code=21609)
    checks.check_reachable_by_text(store.phone(to), sender)
    message = _new(
        store,
        "outbound-api",
        sender=sender,
        to=to,
        body=body,
        plan=store.faults.plan(SMS, to),
    )
    message.status = "accepted" if service else "queued"
    message.service_sid, message.callback, message.validity_s = service, callback, validity_s
    with store.change():
        store.keep_message(message)
    if message.plan.early:
        _leave_queue(store, message)
    else:
        store.agenda.add(partial(_leave_queue, store, message), in_s=_queue_s(store, message))
    return message


def send_reply(store: Store, sender: str, to: str, body: str) -> None:
    """Send what a webhook's TwiML asked for; not to a phone that has opted out."""
    if store.phone(to).opted_out:
        return
    message = _new(
        store,
        "outbound-reply",
        sender=sender,
        to=to,
        body=body,
        plan=store.faults.plan(SMS, to),
    )
    with store.change():
        store.keep_message(message)
    store.agenda.add(partial(_leave_queue, store, message), in_s=_queue_s(store, message))


def send_from_carrier(store: Store, sender: str, to: str, body: str) -> None:
    """The carrier's own text; it reaches every phone and is in nobody's list."""
    message = _new(store, CARRIER, sender=sender, to=to, body=body, plan=NO_FAULTS)
    with store.change():
        message.status, message.sent = "delivered", store.now()
        store.keep_message(message)
        store.arrive(message)


def _new(store: Store, direction: str, *, sender: str, to: str, body: str, plan: Plan) -> Message:
    now = store.now()
    return Message(
        sid=store.new_sid("SM"),
        direction=direction,
        sender=sender,
        to=to,
        body=body,
        status="queued",
        created=now,
        updated=now,
        segments=count_segments(body),
        plan=plan,
    )


def _queue_s(store: Store, message: Message) -> float:
    """Seconds in the queue; a message whose validity ends there is given up at that moment."""
    return min(message.plan.delay_s or store.config.step_s, message.validity_s)


def _leave_queue(store: Store, message: Message) -> None:
    waited_s = (store.now() - message.created).total_seconds()
    if waited_s >= message.validity_s:
        _end_undelivered(store, message, "failed", EXPIRED)
        return
    if message.plan.delivery_code in NEVER_LEFT:
        _end_undelivered(store, message, "failed", message.plan.delivery_code)
        return
    with store.change():
        message.status, message.sent, message.updated = "sent", store.now(), store.now()
    _report(store, message)
    if message.plan.early:
        _reach_phone(store, message)
    else:
        store.agenda.add(partial(_reach_phone, store, message), in_s=store.config.step_s)


def _reach_phone(store: Store, message: Message) -> None:
    if message.plan.lose_text:
        return
    if message.plan.delivery_code:
        _end_undelivered(store, message, "undelivered", message.plan.delivery_code)
        return
    with store.change():
        message.status, message.updated = "delivered", store.now()
        store.arrive(message)
    _report(store, message)


def _end_undelivered(store: Store, message: Message, status: str, code: int | None) -> None:
    with store.change():
        message.status, message.error_code, message.updated = status, code, store.now()
        store.stir(message.to)
    _report(store, message)


def _report(store: Store, message: Message) -> None:
    plan = message.plan
    if not message.callback or plan.lose_callbacks or message.status not in store.config.reported:
        return
    message.held.append(_callback_fields(store, message))
    if plan.reverse and message.status == "sent" and not plan.lose_text:
        return  # it is posted after the last one
    reports, message.held = message.held[::-1], []
    for fields in reports:
        for _ in range(2 if plan.duplicate else 1):
            _post_later(store, message, fields)


def _post_later(store: Store, message: Message, fields: dict[str, str]) -> None:
    late_s = message.plan.callbacks_late_s
    if late_s:
        store.agenda.add(partial(_post, store, message, fields), in_s=late_s)
    else:
        _post(store, message, fields)


def _post(store: Store, message: Message, fields: dict[str, str]) -> None:
    try:
        post_webhook(store, message.callback, fields)
    except WebhookError as failure:  # Twilio does not try again either
        message.webhook_error = str(failure)


def _callback_fields(store: Store, message: Message) -> dict[str, str]:
    fields = {
        "AccountSid": store.config.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.service_sid:
        fields["MessagingServiceSid"] = message.service_sid
    if message.error_code:
        fields["ErrorCode"] = str(message.error_code)
        fields["ErrorMessage"] = error_text(message.error_code) or ""
    return fields
