"""What every answer over HTTP has in common: headers, cookies, CSRF tokens, limits, problems.

Knows no page. Forwarding headers of proxies are ignored: what the outside calls us is PUBLIC_URL.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request
from flask.json import dumps
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core import errors
from core.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])

MAX_BODY = 1024 * 1024  # bytes; a view that takes files says so by `takes_files`
# These carry a signature or a token of their own in place of ours.
SIGNED_DOORS = ("/twilio/", "/api/")
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Signed links are in addresses: no other site may learn them.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CHECKS, _TAKES = "checks_own_token", "takes_bytes"

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Sets cookies, limits, CSRF protection, headers and error pages for all of `app`."""
    settings: Settings = app.extensions["settings"]
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
        # A token lives as long as its session: a form may stay open for hours in a crisis.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    csrf.init_app(app)
    app.before_request(check_token)
    app.after_request(protect)
    app.context_processor(lambda: {"emergency_phone": settings.emergency_phone, "link_to": link_to})
    errors.init_app(app, problem)


def check_token() -> None:
    """Refuses a changing request without its CSRF token (400), whatever the page."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.path.startswith(SIGNED_DOORS):
        return
    request.max_content_length = getattr(view, _TAKES, MAX_BODY)
    if request.content_length and request.content_length > (request.max_content_length or MAX_BODY):
        raise RequestEntityTooLarge  # before the form is read
    if not getattr(view, _CHECKS, False):
        csrf.protect()


def checks_own_token(view: View) -> View:
    """For a view whose FlaskForm checks the token, so that a lost one keeps what was typed.

    The view must act only after `form.validate_on_submit()`, and answer 400 with the form shown
    again when `lost_token(form)`: the form then holds a fresh token. Where the view has no form to
    show (no such case, not theirs), a lost token is 400 as everywhere.
    """

    @wraps(view)
    def checking(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except HTTPException:
            csrf.protect()
            raise

    setattr(checking, _CHECKS, True)
    return cast("View", checking)


def takes_files(most: int) -> Callable[[View], View]:
    """For a view that is sent files: bodies of at most `most` bytes reach it, not one megabyte."""

    def declare_size(view: View) -> View:
        setattr(view, _TAKES, most)
        return view

    return declare_size


def lost_token(form: FlaskForm) -> bool:
    """Whether `form` was refused for want of a valid CSRF token."""
    return "csrf_token" in form.errors


def protect(response: Response) -> Response:
    """Adds the security headers; pages are never stored by anybody on the way."""
    settings: Settings = current_app.extensions["settings"]
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.https:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=63072000; includeSubDomains"
        )
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def public_url(path: str) -> str:
    """`path` as the outside reaches it; never built from a Host header, which anybody can send."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}{path}"


def link_to(endpoint: str, **values: Any) -> str:
    """The full address of a page, for mails and texts; needs no request."""
    path: str = current_app.url_map.bind("localhost").build(endpoint, values)
    return public_url(path)


def problem(status: int, title: str = "", detail: str = "", **extra: Any) -> Response:
    """An error for programs (RFC 9457); `errors=[{"field": …, "detail": …}]` names the fields."""
    body = {"type": "about:blank", "title": title or HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    return Response(dumps(body | extra), status=status, mimetype="application/problem+json")
