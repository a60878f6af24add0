"""Control of faults: which are waiting, adding one, forgetting them."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from sandbox.control.bodies import BadBodyError, Body, number_of, phone_of, read_body, text_of
from sandbox.faults import SMS, WHERE, Fault, Kind
from sandbox.rest import the_store

bp = Blueprint("control_faults", __name__, url_prefix="/sandbox/api")


@bp.get("/faults")
def show_faults() -> Response:
    """The faults that are still waiting."""
    return jsonify(faults=[asdict(fault) for fault in the_store().faults.all()])


@bp.post("/faults")
def add_fault() -> tuple[Response, int]:
    """Add one: `kind`; `phone`, `times` (null: always), `where`, `status`, `code`, `seconds`."""
    fault = the_store().faults.add(_read_fault(read_body()))
    return jsonify(asdict(fault)), 201


@bp.delete("/faults")
def clear_faults() -> Response:
    """Forget all."""
    the_store().faults.clear()
    return jsonify(faults=[])


@bp.delete("/faults/<int:fault_id>")
def clear_fault(fault_id: int) -> Response:
    """Forget one."""
    the_store().faults.clear(fault_id)
    return show_faults()


def _read_fault(body: Body) -> Fault:
    kind, where = text_of(body, "kind"), text_of(body, "where", SMS)
    if kind not in set(Kind):
        raise BadBodyError(f"kind must be one of {', '.join(Kind)}")
    if where not in WHERE:
        raise BadBodyError(f"where must be one of {', '.join(WHERE)}")
    forever = "times" in body and body["times"] is None
    body = {field: value for field, value in body.items() if value is not None}
    return Fault(
        kind=Kind(kind),
        phone=phone_of(body, "phone") if "phone" in body else None,
        times=None if forever else int(number_of(body, "times", 1)),
        where=where,
        status=int(number_of(body, "status")),
        code=int(number_of(body, "code")) or None,
        seconds=number_of(body, "seconds"),
    )
