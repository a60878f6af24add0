"""Twilio's REST interface for messages and calls, under /2010-04-01/Accounts/{sid}/.

Authentication, faults on request, and answers in Twilio's form; what a request does is elsewhere.
"""

import hmac
import socket
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request

from sandbox import sms, voice
from sandbox.errors import RefusedError
from sandbox.faults import READS, SMS, VOICE, Kind
from sandbox.listing import list_calls, list_messages
from sandbox.serving import break_off
from sandbox.store import Store
from sandbox.wire import API_VERSION, call_json, message_json

bp = Blueprint("rest", __name__, url_prefix=f"/{API_VERSION}/Accounts/<account_sid>")


def the_store() -> Store:
    """The store of the running application."""
    store: Store = current_app.extensions["sandbox"]
    return store


@bp.errorhandler(RefusedError)
def show_refusal(refusal: RefusedError) -> tuple[Response, int]:
    """Twilio's error document; a refusal without a number is a gateway's plain page."""
    if refusal.code is None:
        return Response("upstream error\n", mimetype="text/plain"), refusal.status
    return jsonify(refusal.as_json()), refusal.status


@bp.before_request
def check_credentials() -> None:
    """HTTP Basic with the account SID and the auth token. Raises RefusedError (20003)."""
    config = the_store().config
    given = request.authorization
    account_sid = (request.view_args or {}).get("account_sid")
    right_account = account_sid == config.account_sid
    if not given or given.type != "basic" or not right_account:
        raise RefusedError(20003)
    right_user = hmac.compare_digest(str(given.username).encode(), config.account_sid.encode())
    right_token = hmac.compare_digest(str(given.password).encode(), config.auth_token.encode())
    if not (right_user and right_token):
        raise RefusedError(20003)


@bp.post("/Messages.json")
def create_message(account_sid: str) -> tuple[Response, int]:
    """Create a message."""
    store = the_store()

    def accept() -> tuple[Response, int]:
        message = sms.accept_message(store, request.form)
        return jsonify(message_json(message, account_sid)), 201

    return _under_faults(store, SMS, request.form.get("To", ""), accept)


@bp.get("/Messages.json")
def read_messages(account_sid: str) -> tuple[Response, int]:
    """List messages, newest first, also those that came in."""
    store = the_store()
    return _under_faults(
        store,
        READS,
        request.args.get("To", ""),
        lambda: (jsonify(list_messages(store, request.args, account_sid)), 200),
    )


@bp.get("/Messages/<sid>.json")
def read_message(account_sid: str, sid: str) -> tuple[Response, int]:
    """Fetch one message."""
    store = the_store()

    def fetch() -> tuple[Response, int]:
        if sid not in store.message_by_sid:
            raise RefusedError(20404, detail=request.path)
        return jsonify(message_json(store.message_by_sid[sid], account_sid)), 200

    return _under_faults(store, READS, "", fetch)


@bp.post("/Calls.json")
def create_call(account_sid: str) -> tuple[Response, int]:
    """Create a call."""
    store = the_store()

    def accept() -> tuple[Response, int]:
        events = request.form.getlist("StatusCallbackEvent")
        return jsonify(call_json(voice.accept_call(store, request.form, events), account_sid)), 201

    return _under_faults(store, VOICE, request.form.get("To", ""), accept)


@bp.get("/Calls.json")
def read_calls(account_sid: str) -> tuple[Response, int]:
    """List calls, newest first."""
    store = the_store()
    return _under_faults(
        store,
        READS,
        request.args.get("To", ""),
        lambda: (jsonify(list_calls(store, request.args, account_sid)), 200),
    )


@bp.get("/Calls/<sid>.json")
@bp.post("/Calls/<sid>.json")
def read_or_end_call(account_sid: str, sid: str) -> tuple[Response, int]:
    """Fetch one call, or end it with Status=canceled (not yet answered) or completed."""
    store = the_store()

    def answer() -> tuple[Response, int]:
        call = store.call_by_sid.get(sid)
        if call is None:
            raise RefusedError(20404, detail=request.path)
        wanted = request.form.get("Status")
        if wanted == "completed" or (wanted == "canceled" and call.started is None):
            voice.end_call(store, call, wanted if call.started else "canceled")
        return jsonify(call_json(call, account_sid)), 200

    return _under_faults(store, READS, "", answer)


def _under_faults(
    store: Store, where: str, phone: str, accept: Callable[[], tuple[Response, int]]
) -> tuple[Response, int]:
    """Answer, unless something is to go wrong with this request. Raises RefusedError."""
    if (slow := store.faults.take(Kind.SLOW, where, phone)) is not None:
        store.closing.wait(slow.seconds)
    if (rejected := store.faults.take(Kind.REJECT, where, phone)) is not None:
        raise RefusedError(rejected.code, status=rejected.status)
    if store.faults.take(Kind.RESET_BEFORE, where, phone):
        return _break_off()
    if store.faults.take(Kind.HANG_BEFORE, where, phone):
        store.closing.wait(store.config.hang_s)
        return _break_off()
    reset = store.faults.take(Kind.RESET_AFTER, where, phone)
    hang = store.faults.take(Kind.HANG_AFTER, where, phone)
    answer = accept()
    if hang:
        store.closing.wait(store.config.hang_s)
    return _break_off() if reset or hang else answer


def _break_off() -> tuple[Response, int]:
    """Close the caller's connection, so that no answer reaches them."""
    connection: socket.socket | None = request.environ.get("sandbox.connection")
    if connection is not None:
        break_off(connection)
    return Response("the connection was broken off on purpose\n", mimetype="text/plain"), 503
