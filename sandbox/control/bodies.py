"""Reading the JSON and the query of a control request; each fault gets a sentence."""

from typing import TypeAlias

from flask import request

from sandbox.checks import is_e164, tidy_number

Body: TypeAlias = dict[str, object]
LONGEST_WAIT_S = 60.0


class BadBodyError(ValueError):
    """A control request that is not as it must be; the text says which field."""


def read_body() -> Body:
    """The one JSON object of the request. Raises BadBodyError."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise BadBodyError("send a JSON object, as application/json")
    return given


def read_bodies() -> list[Body]:
    """The JSON object, or the objects of the list, in the request. Raises BadBodyError."""
    given = request.get_json(silent=True)
    if not isinstance(given, list):
        return [read_body()]
    if not all(isinstance(body, dict) for body in given):
        raise BadBodyError("send a JSON object or a list of them, as application/json")
    return given


def text_of(body: Body, field: str, default: str | None = None) -> str:
    """A text field. Raises BadBodyError."""
    value = body.get(field, default)
    if not isinstance(value, str):
        raise BadBodyError(f"{field} must be a text")
    return value


def number_of(body: Body, field: str, default: float = 0.0) -> float:
    """A field with a number, zero or more. Raises BadBodyError."""
    value = body.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadBodyError(f"{field} must be a number, zero or more")
    return float(value)


def phone_of(body: Body, field: str) -> str:
    """A phone number in international form. Raises BadBodyError."""
    number = tidy_number(text_of(body, field))
    if not is_e164(number):
        raise BadBodyError(f"{field} must be a phone number like +15550100")
    return number


def query_phone() -> str | None:
    """The `phone` in the query; a plus that was not encoded has become a space, and is meant."""
    given = request.args.get("phone")
    return f"+{given.strip().removeprefix('+')}" if given else None


def query_number(field: str) -> float:
    """A number in the query, 0 when it is not there. Raises BadBodyError."""
    try:
        value = float(request.args.get(field, "0"))
    except ValueError as error:
        raise BadBodyError(f"{field} must be a number") from error
    return max(0.0, value)


def query_wait_s() -> float:
    """How many seconds the caller wants to wait at most, for something to happen."""
    return min(query_number("wait_s"), LONGEST_WAIT_S)
