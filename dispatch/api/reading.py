"""Reads what a program sent: the JSON body, one text of it, a number of the query string."""

import json
from typing import Any

from flask import request
from flask_babel import gettext as _

LONGEST_KEY = 200


class BodyError(ValueError):
    """A request that cannot be read at all; `status` is 400, or 415 for what is no JSON."""

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.status = status


class FieldError(ValueError):
    """One field of the body, the query string or the headers that must be corrected."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def body() -> dict[str, Any]:
    """The JSON object that was sent; an empty body counts as an empty object.

    Raises BodyError: not JSON by its Content-Type (none is taken for JSON), not JSON by what it
    says (RFC 8259, in UTF-8), or no object.
    """
    sent = request.get_data(cache=True)
    if not sent:
        return {}
    if request.content_type and not request.is_json:
        raise BodyError(_("Send JSON, with Content-Type: application/json."), 415)
    try:
        given = json.loads(sent)
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise BodyError(_("This is not JSON.")) from None
    if not isinstance(given, dict):
        raise BodyError(_("Send a JSON object."))
    return given


def text_field(name: str, longest: int = 500) -> str:
    """A text that the body must contain, trimmed; FieldError when it is missing or too long."""
    value = body().get(name)
    if not isinstance(value, str) or not value.strip():
        raise FieldError(name, _("This field is required"))
    if len(value.strip()) > longest:
        raise FieldError(name, _("Use at most %(count)d characters.", count=longest))
    if not value.strip().isprintable():
        raise FieldError(name, _("Must not contain control characters or line breaks"))
    return value.strip()


def number_argument(name: str, otherwise: int, most: int) -> int:
    """A whole number of the query string between 1 and `most`."""
    value = request.args.get(name, str(otherwise))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= most):
        raise FieldError(name, _("Give a whole number from 1 to %(most)d.", most=most))
    return int(value)


def choice_argument(name: str, choices: tuple[str, ...]) -> str | None:
    """One of `choices` of the query string, None when it is not asked for."""
    value = request.args.get(name)
    if value is not None and value not in choices:
        raise FieldError(name, _("Give one of: %(choices)s.", choices=", ".join(choices)))
    return value


def idempotency_key() -> str | None:
    """The header `Idempotency-Key`, None without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        detail = _("Use at most %(count)d characters.", count=LONGEST_KEY)
        raise FieldError("Idempotency-Key", detail)
    return key or None
