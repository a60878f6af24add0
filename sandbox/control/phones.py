"""Control of phones: the directory of names, and what kind of phone each one is."""

from flask import Blueprint, Response, jsonify

from sandbox.control.bodies import BadBodyError, phone_of, read_bodies, text_of
from sandbox.records import PHONE_KINDS, Phone
from sandbox.rest import the_store

bp = Blueprint("control_phones", __name__, url_prefix="/sandbox/api")


def phone_json(phone: Phone) -> dict[str, object]:
    """A phone as the control interface shows it."""
    return {
        "number": phone.number,
        "label": phone.label,
        "kind": phone.kind,
        "opted_out": phone.opted_out,
    }


@bp.get("/phones")
def show_phones() -> Response:
    """Every known phone."""
    return jsonify(phones=[phone_json(phone) for phone in list(the_store().phones.values())])


@bp.post("/phones")
def name_phones() -> tuple[Response, int]:
    """Give phones a `label` or a `kind`: one object with a `number`, or a list of them."""
    store = the_store()
    named = []
    for body in read_bodies():
        phone = store.phone(phone_of(body, "number"))
        kind = text_of(body, "kind", phone.kind)
        if kind not in PHONE_KINDS:
            raise BadBodyError(f"kind must be one of {', '.join(PHONE_KINDS)}")
        label = text_of(body, "label", phone.label)
        with store.change():
            phone.label, phone.kind = label, kind
        named.append(phone_json(phone))
    return jsonify(phones=named), 201
