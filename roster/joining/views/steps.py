"""The list of an application's pages, and those of them that only ask questions."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import open_to_all
from core.clock import now
from core.db import db
from core.web import checks_own_token, lost_token
from roster.joining.forms import StepForm
from roster.joining.limits import proofs_left
from roster.joining.placing import find
from roster.joining.steps import BASE, CONSENT, CONSENTED, FORMS, LEVELS, PERSON, SKILLS, Draft
from roster.joining.views.blueprint import address_after, bp, change, find_draft, page
from roster.models import Application


@bp.get("/apply/<token>/")
@open_to_all
def overview(token: str) -> str:
    """What is done and what is not; after it was sent, what happens now."""
    draft = find_draft(token, sent=True)
    if draft.is_sent:
        left = proofs_left(db.session(), now())
        return page("sent", draft, token, texts_wait=left <= 0)
    return page("overview", draft, token, states=draft.states(), missing=draft.missing())


@bp.get("/apply/<token>/<step>")
@open_to_all
def show(token: str, step: str) -> ResponseReturnValue:
    """One page of questions, as it was left; with what is wrong in it, if anything."""
    draft = find_draft(token)
    _check_step(step)
    if step == LEVELS and not draft.skills():
        return redirect(url_for("apply.show", token=token, step=SKILLS), 303)
    stored = draft.answers.get(step)
    form = draft.form_class(step).of(stored, draft.known) if stored else _empty(draft, step)
    if stored:
        form.validate()
    return _page(draft, token, step, form)


@bp.post("/apply/<token>/<step>")
@open_to_all
@checks_own_token
def save(token: str, step: str) -> ResponseReturnValue:
    """Stores what was typed, right or wrong; then the next page, or the same with its faults."""
    draft = find_draft(token)
    _check_step(step)
    form = draft.form_class(step).of(None, draft.known)
    is_fine = form.validate_on_submit()
    if lost_token(form):
        return _page(draft, token, step, form, expired=True), 400
    typed = form.typed()

    def act(_session: Session, application: Application, moment: datetime) -> dict[str, Any]:
        if step == PERSON and is_fine:
            application.language = form.language.data
        consented = {CONSENTED: moment.isoformat()} if step == CONSENT and is_fine else {}
        return {step: typed, **consented}

    draft = change(draft, act)
    if step == BASE and is_fine and not find(form.place.data or ""):
        is_fine = False
        form.place.errors = [_("We do not know this place. Try a larger town nearby.")]
    if not is_fine:
        return _page(draft, token, step, form), 422
    if step == BASE and draft.place() is None:
        return redirect(url_for("apply.which", token=token), 303)
    return redirect(address_after(draft, token, step), 303)


def _check_step(step: str) -> None:
    if step not in FORMS and step != LEVELS:
        abort(404)


def _empty(draft: Draft, step: str) -> StepForm:
    form = draft.form_class(step)()
    form.offer(draft.known)
    if step == PERSON:
        form.language.data = draft.application.language
    return form


def _page(draft: Draft, token: str, step: str, form: StepForm, **shown: object) -> str:
    return page("step", draft, token, step, form=form, **shown)
