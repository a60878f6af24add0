"""Calls from the application: ringing, answered or not, and reported.

What is said on the phone and pressed is in `conversation`; this module must not know TwiML.
"""

from collections.abc import Mapping
from email.utils import format_datetime
from functools import partial

from sandbox import checks
from sandbox.errors import RefusedError
from sandbox.faults import VOICE
from sandbox.posting import post_webhook
from sandbox.records import Call
from sandbox.store import Store
from sandbox.webhooks import WebhookError
from sandbox.wire import API_VERSION

# status of a call -> the event under which it is asked for
_EVENTS = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}
DEFAULT_RING_S = 60


def accept_call(store: Store, form: Mapping[str, str], events: list[str]) -> Call:
    """Take in a create request and set it on its way. Raises RefusedError."""
    to = checks.read_recipient(form, missing=21201)
    sender = checks.tidy_number(form.get("From", ""))
    if not sender:
        raise RefusedError(21213)
    if not checks.is_e164(sender):
        raise RefusedError(21212, detail=sender)
    url = checks.read_url(form, "Url", code=21205)
    if not url and not form.get("Twiml"):
        raise RefusedError(21205)
    now = store.now()
    call = Call(
        sid=store.new_sid("CA"),
        sender=sender,
        to=to,
        url=url,
        twiml=form.get("Twiml", ""),
        callback=checks.read_url(form, "StatusCallback", code=21609),
        events=frozenset(events or ["completed"]),
        timeout_s=_ring_s(form),
        created=now,
        updated=now,
        plan=store.faults.plan(VOICE, to),
    )
    with store.change():
        store.keep_call(call)
    store.agenda.add(partial(_begin, store, call), in_s=call.plan.delay_s or store.config.step_s)
    return call


def end_call(store: Store, call: Call, status: str) -> None:
    """End a call in that way; one that is over stays as it is."""
    with store.change():
        if call.is_over:
            return
        call.ended = store.now()
        move_call(store, call, status)
    report(store, call)


def move_call(store: Store, call: Call, status: str) -> None:
    """Note a new state. Call it within `change()`."""
    call.status, call.updated = status, store.now()
    call.gather, call.turn = None, call.turn + 1
    store.stir(call.to)


def call_fields(store: Store, call: Call) -> dict[str, str]:
    """The fields that every post about a call has."""
    return {
        "AccountSid": store.config.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Called": call.to,
        "Caller": call.sender,
        "Direction": "outbound-api",
        "From": call.sender,
        "To": call.to,
    }


def report(store: Store, call: Call) -> None:
    """Post the call's state to its status callback, if that was asked for."""
    event = "completed" if call.is_over else _EVENTS[call.status]
    if not call.callback or event not in call.events or call.plan.lose_callbacks:
        return
    fields = call_fields(store, call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.posts),
        "Timestamp": format_datetime(store.now()),
    }
    if call.duration_s is not None:
        fields |= {"CallDuration": str(call.duration_s), "Duration": "1"}
    call.posts += 1
    call.held += [fields] * (2 if call.plan.duplicate else 1)
    store.agenda.add(partial(_post_held, store, call), in_s=call.plan.callbacks_late_s)


def _post_held(store: Store, call: Call) -> None:
    """Post in the order in which things happened, whichever thread comes first."""
    with call.posting:
        while call.held:
            try:
                post_webhook(store, call.callback, call.held.pop(0))
            except WebhookError:
                continue  # it is in the log of posts; Twilio does not try again either


def _ring_s(form: Mapping[str, str]) -> int:
    given = form.get("Timeout", "")
    return min(int(given), 600) if given.isdecimal() else DEFAULT_RING_S


def _begin(store: Store, call: Call) -> None:
    if call.is_over:
        return
    report(store, call)
    if call.plan.delivery_code:
        end_call(store, call, "failed")
        return
    with store.change():
        move_call(store, call, "ringing")
    report(store, call)
    store.agenda.add(partial(_stop_ringing, store, call), in_s=call.timeout_s)


def _stop_ringing(store: Store, call: Call) -> None:
    if call.status == "ringing":
        end_call(store, call, "no-answer")
