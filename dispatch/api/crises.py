"""Filing, listing, showing and amending crisis requests over the API."""

from typing import Any

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, func, select, true

from core.access import allowed, current_actor, may
from core.clock import now
from core.db import db, writing
from core.web import problem
from dispatch import intake
from dispatch.api.blueprint import BodyError, body, bp, number_argument
from dispatch.api.representation import crisis, summary_of
from dispatch.lookup import find_request, sees_everyone, visible_requests
from dispatch.models import CrisisRequest
from dispatch.report import read_report
from dispatch.rules import terms

LONGEST_KEY = 200


@bp.post("/crises")
@may("crisis.file")
def file_crisis() -> Response:
    """Files a request: 201, or 200 when this Idempotency-Key has already filed it."""
    moment = now()
    report = read_report(body())
    if not allowed("crisis.file", report.office):
        return problem(403, _("Not your office"), _("You can file for your own office only."))
    with writing() as session:
        filed = intake.file_request(
            session, report, filer=current_user, through="api", now=moment, idempotency=_key()
        )
        ref, created = filed.request.ref, filed.created
    return shown(ref, 201 if created else 200)


@bp.get("/crises")
@may("crisis.see")
def list_crises() -> Response:
    """The requests that the caller may see, newest first, in pages."""
    page, size = number_argument("page", 1, 100_000), number_argument("per_page", 50, 100)
    wanted = visible_requests(current_user) & _status_filter()
    newest = select(CrisisRequest).where(wanted).order_by(CrisisRequest.id.desc())
    rows = db.session.scalars(newest.limit(size).offset((page - 1) * size)).all()
    total = db.session.scalar(select(func.count()).select_from(CrisisRequest).where(wanted)) or 0
    following = url_for("api.list_crises", page=page + 1, per_page=size)
    return jsonify(
        crises=[summary_of(row) for row in rows],
        page=page,
        per_page=size,
        total=total,
        next=following if page * size < total else None,
    )


@bp.get("/crises/<ref>")
@may("crisis.see")
def show_crisis(ref: str) -> Response:
    """One request with its offers, missions and timeline."""
    return shown(ref)


@bp.patch("/crises/<ref>")
@may("crisis.change")
def amend_crisis(ref: str) -> Response:
    """Amends what was filed; open offers are told or withdrawn."""
    changes = body()
    with writing() as session:
        found = find_request(ref, lock=True)
        intake.amend(session, found, changes, actor=current_actor(), now=now())
    return shown(ref)


def shown(ref: str, status: int = 200) -> Response:
    """The body of GET /crises/{ref}, with its Location."""
    found = find_request(ref)
    answer = jsonify(crisis(found, staff=sees_everyone(current_user)))
    answer.status_code = status
    answer.headers["Location"] = url_for("api.show_crisis", ref=ref, _external=False)
    return answer


def _key() -> tuple[str, str] | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise BodyError("Idempotency-Key", _("Use at most %(count)d characters.", count=200))
    return (current_user.public_id, key) if key else None


def _status_filter() -> ColumnElement[bool]:
    status = request.args.get("status")
    if status is None:
        return true()
    if status not in terms.REQUEST_STATES:
        known: dict[str, Any] = {"states": ", ".join(terms.REQUEST_STATES)}
        raise BodyError("status", _("Give one of: %(states)s.", **known))
    return CrisisRequest.status == status
