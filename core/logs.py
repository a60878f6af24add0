"""One line of JSON per request and per event, without personal data.

Addresses, bodies and query strings are never written, nor the words of an exception: they may hold
what somebody typed. JSON keeps line breaks inside strings, so nobody can forge a line.
"""

import logging
import sys
import time
import traceback
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

REQUESTS = Counter("http_requests", "Requests answered", ["endpoint", "method", "status"])
SECONDS = Histogram("http_request_seconds", "Time to the answer", ["endpoint"])
# What the standard library puts on every record; the rest was said on purpose.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
QUIET = (
    "werkzeug",
    "gunicorn.access",
    "twilio.http_client",
    "flask_wtf.csrf",
    "alembic",
    "apscheduler",
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Gives each request a number, and writes down how it went."""
    configure()
    app.before_request(_begin)
    app.after_request(_end)


def configure() -> None:
    """Sends all logs of this process to standard error as JSON; a second time changes nothing."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = StandardError()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # Their lines name addresses and query strings, or say the same each second.
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class StandardError(logging.Handler):
    """Writes to whatever standard error is at that moment: tests exchange it."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")
        sys.stderr.flush()


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception the kind and the places, never the words."""

    render = structlog.processors.JSONRenderer(ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "at": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": "exception" if record.exc_info else record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in USUAL}
        line |= structlog.contextvars.get_contextvars()
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = type(record.exc_info[1]).__name__
            line["places"] = places_of(record.exc_info[1])
        return str(self.render(None, "", line))


def places_of(fault: BaseException) -> list[str]:
    """Where it happened, innermost last: `file:line function`, without any value."""
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    if "began" not in g:
        return response
    endpoint, seconds = request.endpoint or "-", time.perf_counter() - g.began
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(endpoint, method, response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    response.headers["X-Request-ID"] = g.request_id
    if endpoint not in {"static", "health.healthz"}:
        logging.getLogger("http").info(
            "request",
            extra={
                "endpoint": endpoint, "method": method,
                "status": response.status_code, "ms": round(seconds * 1000, 1),
            },
        )  # fmt: skip
    return response
