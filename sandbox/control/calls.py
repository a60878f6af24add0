"""Control of calls: which there are, and what the phone's owner does."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from sandbox import conversation
from sandbox.control.bodies import BadBodyError, query_phone, read_body, text_of
from sandbox.records import Call
from sandbox.rest import the_store
from sandbox.store import Store

bp = Blueprint("control_calls", __name__, url_prefix="/sandbox/api")

PLAIN_ACTS: dict[str, Callable[[Store, Call], None]] = {
    "answer": conversation.answer_call,
    "decline": conversation.decline_call,
    "ignore": conversation.ignore_call,
    "hang-up": conversation.hang_up,
}


def call_state_json(call: Call) -> dict[str, object]:
    """A call as the control interface shows it."""
    return {
        "sid": call.sid,
        "from": call.sender,
        "to": call.to,
        "status": call.status,
        "heard": [said.text for said in call.heard],
        "pressed": call.pressed,
        "waiting_for_keys": call.gather is not None,
        "created": call.created.isoformat(),
    }


@bp.get("/calls")
def show_calls() -> Response:
    """Calls, oldest first, to one `phone` or to all."""
    phone = query_phone()
    calls = [call for call in list(the_store().calls) if phone in {None, call.to}]
    return jsonify(calls=[call_state_json(call) for call in calls])


@bp.post("/calls/<sid>/<act>")
def act_on_call(sid: str, act: str) -> tuple[Response, int]:
    """The phone's owner does something: answer, decline, ignore, hang-up, or press (`keys`)."""
    store = the_store()
    call = store.call_by_sid.get(sid)
    if call is None:
        return jsonify(error="no such call"), 404
    if act == "press":
        conversation.press_keys(store, call, text_of(read_body(), "keys"))
    elif act in PLAIN_ACTS:
        PLAIN_ACTS[act](store, call)
    else:
        raise BadBodyError(f"{act} is not one of press, {', '.join(PLAIN_ACTS)}")
    return jsonify(call_state_json(call)), 200
