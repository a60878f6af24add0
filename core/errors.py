"""Pages and problems for everything that goes wrong; each page prints the emergency number.

A page about our own fault asks the database nothing: the database may be the fault.
"""

from collections.abc import Callable

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from markupsafe import escape
from werkzeug.exceptions import HTTPException, Unauthorized

from core.db import db

Problem = Callable[..., Response]


def init_app(app: Flask, problem: Problem) -> None:
    """Answers every HTTP error: a problem document under /api/, a page elsewhere."""

    def answer(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        code = error.code or 500
        if code >= 500:
            db.session.rollback()
            # flask-login keeps the present user here
            g._login_user = AnonymousUserMixin()
        if request.path.startswith("/api/"):
            return _with_headers(problem(code, detail=_detail(error)), error)
        return _with_headers(_page(code, error), error)

    app.register_error_handler(HTTPException, answer)


def _with_headers(response: Response, error: HTTPException) -> Response:
    # The rest of werkzeug's headers: Allow of 405, Retry-After of 429 and 503.
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    if isinstance(error, Unauthorized) and request.path.startswith("/api/"):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _page(code: int, error: HTTPException) -> Response:
    title, sentence = _words(code, error)
    context = {"code": code, "title": title, "sentence": sentence}
    try:
        page = render_template([f"errors/{code}.html", "errors/error.html"], **context)
    except TemplateNotFound:
        page = f"<!doctype html><title>{escape(title)}</title><p>{escape(sentence)}</p>"
    return make_response(page, code)


def _detail(error: HTTPException) -> str:
    return "" if error.code and error.code >= 500 else str(error.description or "")


def _words(code: int, error: HTTPException) -> tuple[str, str]:
    """Title and sentence; a sentence that our own code gave the error comes first."""
    if isinstance(error, CSRFError):
        return (
            _("This page was open for too long"),
            _("Nothing was changed. Go back, load the page again and repeat what you did."),
        )
    known = {
        400: (_("We could not read that"), _("Go back and try again.")),
        401: (_("Sign in first"), _("You must sign in to see this page.")),
        403: (_("You may not do this"), _("Your account does not have the right to do this.")),
        404: (_("Page not found"), _("Check the address. The page may have been removed.")),
        405: (_("That does not work here"), _("Go back and try again.")),
        409: (_("This has changed"), _("Somebody was faster. Load the page again.")),
        410: (_("This link is no longer valid"), _("Ask for a new one.")),
        413: (_("That is too large"), _("Send less text or a smaller file.")),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
        503: (_("Not available just now"), _("Try again in a few minutes.")),
    }
    other = (_("Something went wrong"), _("It is our fault, not yours. Try again in a minute."))
    title, sentence = known.get(code, other)
    own = error.description and error.description != type(error).description
    return title, str(error.description) if own else sentence
