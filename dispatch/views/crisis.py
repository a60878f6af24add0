"""Asking for help: the form. It files once, however often it is sent, and loses nothing typed."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import allowed, open_to_all, own_office
from core.accounts.throttle import place_of
from core.clock import now
from core.db import db, public_id, writing
from core.i18n import current_language
from core.links import sign
from core.web import checks_own_token, lost_token
from dispatch.forms import CrisisForm
from dispatch.forms.choices import read_choices
from dispatch.intake import Filed, IdempotencyConflictError, file_request
from dispatch.lookup import PUBLIC_ID
from dispatch.messages.recipients import STATUS_LINK
from dispatch.models import CrisisRequest
from dispatch.reports.filing_limits import WINDOW_S, TooManyRequestsError, count_unconfirmed
from dispatch.reports.report import CrisisReport
from dispatch.rules.escalation import ENDED

bp = Blueprint("crisis", __name__)
SENT = "sent"  # in the session: what was sent last from this browser, and under which key
Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@bp.get("/crisis/new")
@open_to_all
def new_crisis() -> str:
    """The empty form; a focal point's own office is filled in."""
    form = _form()
    form.submission.data = public_id()
    if current_user.is_authenticated and current_user.is_a("focal_point"):
        form.office.data = current_user.office_code
        form.contact_name.data, form.contact_phone.data = current_user.name, current_user.phone
        form.contact_email.data = current_user.email
    return _page(form)


@bp.post("/crisis/new")
@open_to_all
@checks_own_token
def file_crisis() -> Answer:
    """Files the request and leads to its status page; what was typed is kept in any other case."""
    form = _form()
    submission = form.submission.data or ""
    if not PUBLIC_ID.fullmatch(submission):
        submission = form.submission.data = public_id()
    report = form.read(current_language())
    if report is None:
        expired = lost_token(form)
        return _page(form, expired=expired), 400 if expired else 422
    submission = _sent_before(report) or submission
    try:
        filed = _file(submission, report, now())
    except IdempotencyConflictError as conflict:
        form.submission.data = public_id()
        return _page(form, sent=conflict.request), 409
    except TooManyRequestsError:
        return _page(form, held_up=True), 429, {"Retry-After": str(WINDOW_S)}
    session[SENT] = report.digest(), submission, filed.request.ref
    return redirect(status_address(filed.request), 303)


def _sent_before(report: CrisisReport) -> str:
    """The key of the same report sent from this browser, if help with it is still being looked for.

    Somebody who goes back by the browser's button gets a fresh page, and files once all the same.
    """
    digest, submission, ref = session.get(SENT, ("", "", ""))
    if digest != report.digest():
        return ""
    earlier = db.session.scalar(select(CrisisRequest).where(CrisisRequest.ref == ref))
    over = earlier is None or earlier.status in ENDED
    return "" if over else str(submission)


def status_address(filed: CrisisRequest) -> str:
    """Where the filer sees what happens: by signed link, unless signing in is enough."""
    if allowed("crisis.see", filed.office_code):
        return url_for("status.show_crisis", ref=filed.ref)
    return url_for("status.show_crisis", ref=filed.ref, key=sign(STATUS_LINK, filed.ref))


def _file(submission: str, report: CrisisReport, moment: datetime) -> Filed:
    filer = current_user._get_current_object() if current_user.is_authenticated else None
    on_behalf = allowed("desk.act") and not own_office(report.office)
    scope = filer.public_id if filer else "form"
    with writing() as database:
        filed = file_request(
            database,
            report,
            filer=filer,
            through="desk" if on_behalf else "form",
            now=moment,
            idempotency=(scope, submission),
        )
        if filer is None and filed.created:
            count_unconfirmed(database, place_of(request.remote_addr), report.office, moment)
    return filed


def _form() -> CrisisForm:
    form = CrisisForm()
    form.offer(read_choices(db.session(), current_language()))
    return form


def _page(form: CrisisForm, **shown: object) -> str:
    return render_template(
        "dispatch/crisis_form.html", form=form, on_behalf=allowed("desk.act"), **shown
    )
