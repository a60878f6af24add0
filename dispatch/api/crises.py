"""Filing, listing, showing and amending crisis requests over the API."""

from flask import Response, jsonify, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select, true

from core.access import allowed, current_actor, may
from core.clock import now
from core.db import db, writing
from core.web import problem
from dispatch import intake
from dispatch.api.blueprint import bp
from dispatch.api.reading import body, choice_argument, idempotency_key, number_argument
from dispatch.api.representation import represent_crisis, summarise
from dispatch.lookup import find_request, find_shown, sees_everyone, visible_requests
from dispatch.models import CrisisRequest
from dispatch.progress import experts_found
from dispatch.reports.report import read_report
from dispatch.rules import terms
from dispatch.shown import ShownCase
from roster.trust.sightings import API, saw

MOST_PAGES = 100_000


@bp.post("/crises")
@may("crisis.file")
def file_crisis() -> Response:
    """Files a request: 201, or 200 when this Idempotency-Key has already filed it."""
    moment, key = now(), idempotency_key()
    report = read_report(body())
    if not allowed("crisis.file", report.office):
        return problem(403, _("Not your office"), _("You can file for your own office only."))
    with writing() as session:
        filed = intake.file_request(
            session,
            report,
            filer=current_user._get_current_object(),
            through="api",
            now=moment,
            idempotency=(current_user.public_id, key) if key else None,
        )
        found = find_shown(filed.request.ref)  # as it stands when this transaction commits
    answer = _answer(found)
    answer.status_code = 201 if filed.created else 200
    answer.headers["Location"] = url_for("api.show_crisis", ref=found.ref)
    return answer


@bp.get("/crises")
@may("crisis.see")
def list_crises() -> Response:
    """The requests that the caller may see, newest first, in pages."""
    page, size = number_argument("page", 1, MOST_PAGES), number_argument("per_page", 50, 100)
    status = choice_argument("status", terms.REQUEST_STATES)
    wanted = visible_requests(current_user) & (CrisisRequest.status == status if status else true())
    newest = select(CrisisRequest).where(wanted).order_by(CrisisRequest.id.desc())
    rows = db.session.scalars(newest.limit(size).offset((page - 1) * size)).all()
    total = db.session.scalar(select(func.count()).select_from(CrisisRequest).where(wanted)) or 0
    following = url_for("api.list_crises", page=page + 1, per_page=size, status=status)
    return jsonify(
        crises=[summarise(row) for row in rows],
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
    found, changes = find_request(ref), body()
    with writing() as session:
        intake.amend(session, found, changes, actor=current_actor(), now=now())
    return shown(ref)


def shown(ref: str) -> Response:
    """The body of GET /crises/{ref}."""
    return _answer(find_shown(ref))


def _answer(found: ShownCase) -> Response:
    for expert in experts_found(found):
        saw(expert, API)
    return jsonify(represent_crisis(found, staff=sees_everyone(current_user)))
