"""The certificates of an application: those that were added, and one more."""

from datetime import date, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core.access import open_to_all
from core.web import checks_own_token, lost_token, takes_files
from roster.joining.forms import CertificateForm
from roster.joining.forms.papers import RemoveForm
from roster.joining.reading import read_certificate
from roster.joining.steps import CERTIFICATES, GIVEN, Draft
from roster.joining.views.blueprint import (
    MOST_SENT,
    address_after,
    bp,
    change,
    find_draft,
    keep,
    page,
)
from roster.joining.views.uploading import give_back, take_in
from roster.models import Application
from roster.papers.kinds import BadFileError
from roster.rules import stages

MOST = 15
HALF = "certificate"  # one that was typed and is not right yet


@bp.get("/apply/<token>/certificates")
@open_to_all
def certificates(token: str) -> str:
    """What was added, and the questions about one more."""
    draft = find_draft(token)
    half = draft.answers.get(HALF)
    form = CertificateForm.of(half, draft.known) if half else CertificateForm()
    return _page(draft, token, form)


@bp.post("/apply/<token>/certificates")
@open_to_all
@takes_files(MOST_SENT)
@checks_own_token
def add_certificate(token: str) -> ResponseReturnValue:
    """Adds one; what was typed is kept in any case, a file only when all is right."""
    draft = find_draft(token)
    form = CertificateForm()
    form.offer_skills(draft.skills(), draft.known.skills)
    is_fine = form.validate_on_submit() and len(draft.certificates()) < MOST
    if lost_token(form):
        return _page(draft, token, form, expired=True), 400
    if not is_fine:
        draft = keep(draft, **{HALF: form.typed()})
        return _page(draft, token, form), 422
    try:
        draft = change(draft, lambda *held: _added(*held, form=form))
    except BadFileError as fault:
        draft = keep(draft, **{HALF: form.typed()})
        form.file.errors = [str(fault)]
        return _page(draft, token, form), 422
    flash(_("The certificate was added."), "success")
    return redirect(url_for("apply.certificates", token=token), 303)


@bp.post("/apply/<token>/certificates/remove")
@open_to_all
def remove_certificate(token: str) -> ResponseReturnValue:
    """Takes one back, with its paper."""
    draft = find_draft(token)
    number = request.form.get("number", "")
    given = draft.certificates()
    if number.isdecimal() and int(number) < len(given):
        change(draft, lambda *held: _removed(*held, number=int(number)))
    return redirect(url_for("apply.certificates", token=token), 303)


def _added(
    session: Session, application: Application, now: datetime, *, form: Any
) -> dict[str, Any]:
    file: FileStorage | None = form.file.data
    paper = ""
    if file is not None and file.filename:
        paper = take_in(session, application, file, stages.CERTIFICATE, now).public_id
    one = {
        "name": form.name.data, "issuer": form.issuer.data, "number": form.number.data or "",
        "issued_on": _iso(form.issued_on.data), "expires_on": _iso(form.expires_on.data),
        "skill": form.skill.data or "", "paper": paper,
    }  # fmt: skip
    return {GIVEN: [*application.answers.get(GIVEN, ()), one], HALF: {}}


def _removed(
    session: Session, application: Application, now: datetime, *, number: int
) -> dict[str, Any]:
    given = list(application.answers.get(GIVEN, ()))
    if number >= len(given):
        return {}
    give_back(session, application, given.pop(number)["paper"], stages.CERTIFICATE, now)
    return {GIVEN: given}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _page(draft: Draft, token: str, form: Any, **shown: object) -> str:
    form.offer_skills(draft.skills(), draft.known.skills)
    return page(
        "certificates", draft, token, CERTIFICATES, form=form, remove=RemoveForm(formdata=None),
        given=[read_certificate(one) for one in draft.certificates()],
        onward=address_after(draft, token, CERTIFICATES), **shown,
    )  # fmt: skip
