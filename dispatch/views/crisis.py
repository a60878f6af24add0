"""Asking for help, and watching it come: the form and the live status page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import allowed, current_actor, may, open_to_all
from core.clock import now
from core.db import db, public_id, writing
from core.i18n import current_language
from core.links import read as read_link
from core.links import sign
from core.reference.models import CrisisKind, Office, Service, Skill
from dispatch import intake
from dispatch.forms import CrisisForm, ReasonForm
from dispatch.lookup import find_request, not_found, shown_with
from dispatch.models import CrisisRequest
from dispatch.report import CrisisReport
from dispatch.views.words import kind_name

bp = Blueprint("crisis", __name__)
LINK = "crisis"


@bp.get("/crisis/new")
@open_to_all
def new_crisis() -> str:
    """The empty form; a focal point's own office is filled in."""
    form = _form()
    form.submission.data = public_id()
    if current_user.is_authenticated:
        _fill_in_filer(form)
    return render_template("dispatch/crisis_form.html", form=form)


@bp.post("/crisis/new")
@open_to_all
def file_crisis() -> Response | tuple[str, int]:
    """Files the request once, however often the button is pressed; nothing typed is lost."""
    moment = now()
    form = _form()
    report = form.read(current_language())
    if report is None:
        expired = "csrf_token" in form.errors
        return render_template("dispatch/crisis_form.html", form=form, expired=expired), (
            400 if expired else 422
        )
    trusted = allowed("crisis.file", report.office)
    try:
        ref = _file(form, report, trusted, moment)
    except intake.IdempotencyConflictError as conflict:
        form.submission.data = public_id()
        return render_template("dispatch/crisis_form.html", form=form, sent=conflict.request), 409
    return redirect(_status_url(ref), 303)


@bp.get("/crisis/<ref>")
@open_to_all
def show_crisis(ref: str) -> str:
    """The live status page, for whoever may see the request or holds its signed link."""
    return _render(ref, "dispatch/crisis_status.html")


@bp.get("/crisis/<ref>/live")
@open_to_all
def show_live(ref: str) -> str:
    """The part of the status page that is fetched again and again."""
    return _render(ref, "dispatch/_crisis_live.html")


@bp.post("/crisis/<ref>/cancel")
@may("crisis.change")
def cancel_crisis(ref: str) -> Response | tuple[str, int]:
    """The office no longer needs help."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _render(ref, "dispatch/crisis_status.html", form), 422
    with writing() as session:
        found = find_request(ref, lock=True)
        intake.cancel(session, found, form.reason.data, actor=current_actor(), now=now())
    flash(_("The request is cancelled. Everybody who was asked has been told."))
    return redirect(url_for("crisis.show_crisis", ref=ref), 303)


@bp.post("/crisis/<ref>/close")
@may("crisis.change")
def close_crisis(ref: str) -> Response:
    """The crisis is over."""
    with writing() as session:
        intake.close(session, find_request(ref, lock=True), actor=current_actor(), now=now())
    flash(_("The case is closed."))
    return redirect(url_for("crisis.show_crisis", ref=ref), 303)


def _file(form: CrisisForm, report: CrisisReport, trusted: bool, moment: Any) -> str:
    filer = current_user if trusted else None
    scope = current_user.public_id if current_user.is_authenticated else "form"
    key = (scope, form.submission.data or public_id())
    with writing() as session:
        filed = intake.file_request(
            session, report, filer=filer, through="form", now=moment, idempotency=key
        )
        return filed.request.ref


def _form() -> CrisisForm:
    form = CrisisForm()
    every: Callable[[Any], list[Any]] = lambda model: list(  # noqa: E731 - four queries of one shape
        db.session.scalars(select(model).order_by(model.position))
    )
    offices = db.session.scalars(select(Office).order_by(Office.kind, Office.name_en))
    form.offer_choices(
        current_language(), list(offices), every(CrisisKind), every(Service), every(Skill)
    )
    return form


def _fill_in_filer(form: CrisisForm) -> None:
    form.office.data = current_user.office_code
    form.contact_name.data = current_user.name
    form.contact_phone.data = current_user.phone
    form.contact_email.data = current_user.email


def _status_url(ref: str) -> str:
    if current_user.is_authenticated:
        return url_for("crisis.show_crisis", ref=ref)
    return url_for("crisis.show_crisis", ref=ref, key=sign(LINK, ref))


def _render(ref: str, template: str, form: ReasonForm | None = None) -> str:
    found = _by_link(ref) if "key" in request.args else find_request(ref)
    return render_template(
        template,
        crisis=found,
        kind_name=kind_name(found.kind),
        may_change=allowed("crisis.change") and "key" not in request.args,
        form=form or ReasonForm(),
        by_link="key" in request.args,
        key=request.args.get("key"),
    )


def _by_link(ref: str) -> CrisisRequest:
    if read_link(LINK, request.args["key"]) != ref:
        abort(403)
    query = select(CrisisRequest).where(CrisisRequest.ref == ref).options(*shown_with())
    return db.session.scalars(query).unique().one_or_none() or not_found()
