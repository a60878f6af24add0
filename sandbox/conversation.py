"""An answered call: what the owner of the phone hears and presses, document by document.

It follows https://www.twilio.com/docs/voice/twiml; it must not know what a key press means.
"""

from functools import partial
from urllib.parse import urljoin

from sandbox.posting import post_webhook
from sandbox.records import Call
from sandbox.store import Store
from sandbox.twiml import BadTwimlError, Gather, Hangup, Redirect, Say, Verb, read_script
from sandbox.voice import call_fields, end_call, move_call, report
from sandbox.webhooks import WebhookError

SORRY = Say("We are sorry, an application error has occurred. Goodbye.")


class NotPossibleError(Exception):
    """The call is not in a state in which its owner could do that."""


def answer_call(store: Store, call: Call) -> None:
    """Pick up a ringing call. Raises NotPossibleError."""
    with store.change():
        if call.status != "ringing":
            raise NotPossibleError(f"the call is {call.status}, not ringing")
        call.started = store.now()
        move_call(store, call, "in-progress")
    report(store, call)
    store.agenda.add(partial(_fetch, store, call, call.url, {}))


def decline_call(store: Store, call: Call) -> None:
    """Reject a ringing call: the caller hears that the line is busy. Raises NotPossibleError."""
    if call.status != "ringing":
        raise NotPossibleError(f"the call is {call.status}, not ringing")
    end_call(store, call, "busy")


def ignore_call(store: Store, call: Call) -> None:
    """Let it ring until the caller gives up, which is now. Raises NotPossibleError."""
    if call.status != "ringing":
        raise NotPossibleError(f"the call is {call.status}, not ringing")
    end_call(store, call, "no-answer")


def hang_up(store: Store, call: Call) -> None:
    """Put the receiver down. Raises NotPossibleError."""
    if call.status != "in-progress":
        raise NotPossibleError(f"the call is {call.status}, not in progress")
    end_call(store, call, "completed")


def press_keys(store: Store, call: Call, keys: str) -> None:
    """Press keys on an answered call. Raises NotPossibleError.

    Without a number of digits to wait for, what is pressed in one go counts as all.
    """
    with store.change():
        gather = call.gather
        if gather is None:
            raise NotPossibleError("nothing is waiting for a key")
        call.pressed += keys
        call.digits += keys
        digits, end, _ = call.digits.partition(gather.finish_on_key or "\0")
        enough = not gather.num_digits or len(digits) >= gather.num_digits or bool(end)
        if not enough:
            return
        call.gather = None
    store.agenda.add(partial(_submit, store, call, gather, digits[: gather.num_digits]))


def _submit(store: Store, call: Call, gather: Gather, digits: str) -> None:
    action = urljoin(call.document_url, gather.action) if gather.action else call.document_url
    _fetch(store, call, action, {"Digits": digits, "msg": "Gather End", "FinishedOnKey": ""})


def _fetch(store: Store, call: Call, url: str, more: dict[str, str]) -> None:
    """Ask the application what comes next, and do it."""
    if call.is_over:
        return
    try:
        document = post_webhook(store, url, call_fields(store, call) | more) if url else call.twiml
        script = read_script(document)
    except (WebhookError, BadTwimlError):
        with store.change():
            call.heard.append(SORRY)
        end_call(store, call, "completed")
        return
    with store.change():
        call.document_url, call.script = url, script
    _play(store, call)


def _play(store: Store, call: Call) -> None:
    """Go through the document until it waits for a key, leads elsewhere, or ends."""
    while call.script and not call.is_over:
        if not _do_verb(store, call, call.script.pop(0)):
            return
    end_call(store, call, "completed")


def _do_verb(store: Store, call: Call, verb: Verb) -> bool:
    """Do one thing; whether the next one follows at once."""
    if isinstance(verb, Say):
        with store.change():
            call.heard.append(verb)
        return True
    if isinstance(verb, Gather):
        _wait_for_keys(store, call, verb)
    elif isinstance(verb, Redirect):
        next_url = urljoin(call.document_url, verb.url)
        store.agenda.add(partial(_fetch, store, call, next_url, {}))
    elif isinstance(verb, Hangup):
        end_call(store, call, verb.status)
    return False


def _wait_for_keys(store: Store, call: Call, gather: Gather) -> None:
    with store.change():
        call.heard += gather.prompts
        call.gather, call.digits, call.turn = gather, "", call.turn + 1
        turn = call.turn
    patience_s = max(gather.timeout_s, store.config.gather_s)
    store.agenda.add(partial(_stop_waiting, store, call, turn), in_s=patience_s)


def _stop_waiting(store: Store, call: Call, turn: int) -> None:
    """Nobody pressed a key in time; the document goes on behind the Gather."""
    with store.change():
        gather, digits = call.gather, call.digits
        if gather is None or call.turn != turn:
            return
        call.gather = None
    if digits or gather.on_empty:
        _submit(store, call, gather, digits)
    else:
        _play(store, call)
