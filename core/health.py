"""Whether this process serves (/healthz), whether all it needs is there (/readyz), and figures.

What a worker is, is not known here: rooms above hand in checks of their own.
"""

import os
from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.json import jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock, upgrading
from core.access import open_to_all
from core.db import db

bp = Blueprint("health", __name__)

# Says as of `now` (UTC) what is missing, in a word or two; empty when nothing is.
Check = Callable[[Session, datetime], str]
LOOPBACK_PEERS = frozenset({"127.0.0.1", "::1"})


def add_check(app: Flask, name: str, check: Check) -> None:
    """Makes `app` ready only when `check` finds nothing missing."""
    _checks(app)[name] = check


@bp.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """200 as soon as this process answers; asks nobody."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """200 when the database, its migrations and all checks are fine, else 503 and which is not."""
    faults = _faults()
    found = {name: fault or "ok" for name, fault in faults.items()}
    return jsonify(found), 503 if any(faults.values()) else 200


@bp.get("/metrics")
@open_to_all
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, for this machine only: a proxy's visitors are turned away."""
    forwarded = any(name.startswith(("X-Forwarded", "Forwarded")) for name, _ in request.headers)
    if request.remote_addr not in LOOPBACK_PEERS or forwarded:
        abort(403)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        collect: Callable[[CollectorRegistry], object] = MultiProcessCollector
        collect(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _faults() -> dict[str, str]:
    try:
        db.session.execute(select(1))
        faults = {"database": "", "migrations": "" if upgrading.is_current() else "not at head"}
        if not faults["migrations"]:
            now = clock.now()
            faults |= {
                name: check(db.session(), now) for name, check in _checks(current_app).items()
            }
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": "not reached"}
    return faults


def _checks(app: Flask) -> dict[str, Check]:
    return cast("dict[str, Check]", app.extensions.setdefault("ready_checks", {}))
