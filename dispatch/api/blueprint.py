"""The blueprint that the API's modules hang their routes on, and how it refuses.

Malformed requests are 400, fields to correct 422, moves that the state forbids 409; all are
problem documents (RFC 9457) that name the field.
"""

from flask import Blueprint, Response
from flask_babel import gettext as _

from core.web import problem
from dispatch.advance import NotDeployableError
from dispatch.api.reading import BodyError, FieldError
from dispatch.intake import IdempotencyConflictError
from dispatch.reports.report import ReportError
from dispatch.rules.lifecycle import MoveNotAllowedError
from dispatch.views.reasons import reason_words

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.errorhandler(BodyError)
def refuse_body(error: BodyError) -> Response:
    """400 (or 415): it cannot be read at all."""
    return problem(error.status, _("The request cannot be read"), str(error))


@bp.errorhandler(FieldError)
def refuse_field(error: FieldError) -> Response:
    """422, naming the one field."""
    return _to_correct({error.field: str(error)})


@bp.errorhandler(ReportError)
def refuse_report(error: ReportError) -> Response:
    """422, naming every field and what to do about it."""
    return _to_correct(error.errors)


@bp.errorhandler(MoveNotAllowedError)
def refuse_move(error: MoveNotAllowedError) -> Response:
    """409: the state does not allow this move."""
    detail = _("It is “%(old)s” and cannot become “%(new)s”.", old=error.old, new=error.new)
    if error.old == error.new:
        detail = _("It is “%(old)s”, and cannot be changed any more.", old=error.old)
    return problem(409, _("Not possible in this state"), detail, state=error.old)


@bp.errorhandler(NotDeployableError)
def refuse_choice(error: NotDeployableError) -> Response:
    """409: a hard filter stands against the chosen expert."""
    detail = _("A filter stands against it: %(reason)s.", reason=reason_words(error.reason))
    return problem(409, _("This expert cannot be asked now"), detail, reason=error.reason)


@bp.errorhandler(IdempotencyConflictError)
def refuse_repeat(_error: IdempotencyConflictError) -> Response:
    """409: this key was used for another content."""
    return problem(
        409,
        _("This Idempotency-Key was used before"),
        _("It came with other content. Use a new key for a new request."),
        errors=[{"field": "Idempotency-Key", "detail": _("Use a new key.")}],
    )


def _to_correct(errors: dict[str, str]) -> Response:
    return problem(
        422,
        _("Some fields must be corrected"),
        _("Correct the fields named in errors and send it again."),
        errors=[{"field": name, "detail": str(text)} for name, text in errors.items()],
    )
