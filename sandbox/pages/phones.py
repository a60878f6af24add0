"""One phone by itself, and what its owner does: write, answer a call, press keys."""

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox import conversation
from sandbox.checks import is_e164, tidy_number
from sandbox.control.calls import PLAIN_ACTS
from sandbox.inbound import CannotAnswerError, write_text
from sandbox.pages.cards import WHOLE_LENGTH, card
from sandbox.pages.wall import show_page
from sandbox.records import PHONE_KINDS, Phone
from sandbox.rest import the_store

bp = Blueprint("phones", __name__)


@bp.get("/phones/<number>")
def show_phone(number: str) -> Response:
    """One phone with everything on it."""
    store = the_store()
    number = _full_number(number)
    phone = store.phones.get(number) or Phone(number)
    return show_page("phone.html", card=card(store, phone, WHOLE_LENGTH), kinds=PHONE_KINDS)


@bp.post("/phones/<number>/text")
def send_text(number: str) -> AnyResponse:
    """The owner writes a text."""
    body = request.form.get("body", "")
    if body.strip():
        try:
            write_text(the_store(), _full_number(number), body)
        except CannotAnswerError as refusal:
            return make_response(str(refusal), 409)
    return _go_back(number)


@bp.post("/phones/text")
def send_first_text() -> AnyResponse:
    """A phone that is not on the wall yet writes a text."""
    number = _full_number(tidy_number(request.form.get("number", "")))
    return send_text(number)


@bp.post("/phones/<number>/kind")
def change_kind(number: str) -> AnyResponse:
    """Make it a phone that receives only, a landline, or an ordinary one."""
    store = the_store()
    kind = request.form.get("kind", "")
    if kind not in PHONE_KINDS:
        abort(400)
    with store.change():
        store.phone(_full_number(number)).kind = kind
    return _go_back(number)


@bp.post("/calls/<sid>/<act>")
def act_on_call(sid: str, act: str) -> AnyResponse:
    """The owner answers, declines, hangs up, or presses keys."""
    store = the_store()
    call = store.call_by_sid.get(sid)
    if call is None or (act != "press" and act not in PLAIN_ACTS):
        abort(404)
    try:
        if act == "press":
            conversation.press_keys(store, call, request.form.get("keys", "")[:20])
        else:
            PLAIN_ACTS[act](store, call)
    except conversation.NotPossibleError as refusal:
        return make_response(str(refusal), 409)
    return _go_back(call.to)


def _full_number(text: str) -> str:
    number = "+" + text.removeprefix("+")
    if not is_e164(number):
        abort(404)
    return number


def _go_back(number: str) -> AnyResponse:
    """To the page from which it was done; 204 for the script, which stays where it is."""
    if request.headers.get("X-Requested-With") == "fetch":
        return make_response("", 204)
    here = request.form.get("back") == "phone"
    return redirect(f"/phones/{number.removeprefix('+')}" if here else "/", 303)
