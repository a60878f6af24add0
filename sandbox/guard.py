"""Keeps the sandbox on this machine: loopback names only, no other site's posts, a strict CSP.

It guards every route; it must not know what they do.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from sandbox.webhooks import LOOPBACK_HOSTS

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it, browsers send `Origin: null` with the page's own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(app: Flask) -> None:
    """Refuse what does not come from this machine, and set the headers on every answer."""
    app.before_request(_refuse_strangers)
    app.after_request(_set_headers)


def _refuse_strangers() -> tuple[str, int] | None:
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK_HOSTS:
        return "The sandbox answers on localhost only.\n", 403
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return "This request comes from another site.\n", 403
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return "This request comes from another site.\n", 403
    return None


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
