"""The blueprint that the API's modules hang their routes on, and how its errors look."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from core.web import problem
from dispatch.intake import IdempotencyConflictError
from dispatch.report import ReportError
from dispatch.rules.lifecycle import MoveNotAllowedError

bp = Blueprint("api", __name__, url_prefix="/api/v1")


class BodyError(ValueError):
    """The body is not a JSON object with the fields that the route wants."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


def body() -> dict[str, Any]:
    """The request's JSON object; an empty body counts as an empty object."""
    if not request.get_data(cache=True):
        return {}
    given = request.get_json(force=True, silent=True)
    if not isinstance(given, dict):
        raise BodyError("", _("Send a JSON object."))
    return given


def text_field(name: str, longest: int = 500) -> str:
    """A text that the body must contain, trimmed; BodyError when it is missing or too long."""
    value = body().get(name)
    if not isinstance(value, str) or not value.strip():
        raise BodyError(name, _("This field is required."))
    if len(value.strip()) > longest:
        raise BodyError(name, _("Use at most %(count)d characters.", count=longest))
    return value.strip()


def number_argument(name: str, otherwise: int, most: int) -> int:
    """A whole number of the query string between 1 and `most`."""
    value = request.args.get(name, str(otherwise))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise BodyError(name, _("Give a whole number from 1 to %(most)d.", most=most))
    return int(value)


@bp.errorhandler(BodyError)
def refuse_body(error: BodyError) -> Response:
    """400, naming the field."""
    fields = [{"field": error.field, "detail": error.detail}]
    return problem(400, _("The request is not right"), error.detail, errors=fields)


@bp.errorhandler(ReportError)
def refuse_report(error: ReportError) -> Response:
    """422, naming every field and what to do about it."""
    fields = [{"field": field, "detail": str(text)} for field, text in error.errors.items()]
    return problem(
        422,
        _("The crisis request is not complete"),
        _("Correct the fields named in errors and send it again."),
        errors=fields,
    )


@bp.errorhandler(MoveNotAllowedError)
def refuse_move(error: MoveNotAllowedError) -> Response:
    """409: the state does not allow this move."""
    return problem(
        409,
        _("Not possible in this state"),
        _("This is “%(old)s” and cannot become “%(new)s”.", old=error.old, new=error.new),
    )


@bp.errorhandler(IdempotencyConflictError)
def refuse_repeat(_error: IdempotencyConflictError) -> Response:
    """409: this key was used for another content."""
    return problem(
        409,
        _("This Idempotency-Key was used before"),
        _("It came with other content. Use a new key for a new request."),
        errors=[{"field": "Idempotency-Key", "detail": _("Use a new key.")}],
    )
