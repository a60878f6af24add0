"""The CV of an application: a file, or none."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import open_to_all
from core.db import db
from core.web import checks_own_token, lost_token, takes_files
from roster.joining.forms import CvForm
from roster.joining.forms.papers import RemoveForm
from roster.joining.steps import CV, Draft
from roster.joining.views.blueprint import MOST_SENT, address_after, bp, change, find_draft, page
from roster.joining.views.uploading import give_back, take_in
from roster.models import Application
from roster.papers.kinds import BadFileError
from roster.papers.quarantine import papers_of
from roster.rules import stages


@bp.get("/apply/<token>/cv")
@open_to_all
def cv(token: str) -> str:
    """What was sent, and the choice of a file."""
    return _page(find_draft(token), token, CvForm())


@bp.post("/apply/<token>/cv")
@open_to_all
@takes_files(MOST_SENT)
@checks_own_token
def add_cv(token: str) -> ResponseReturnValue:
    """Takes in a file, if it is one of the kinds that we take."""
    draft = find_draft(token)
    form = CvForm()
    if not form.validate_on_submit():
        expired = lost_token(form)
        return _page(draft, token, form, expired=expired), 400 if expired else 422

    def act(session: Session, application: Application, moment: datetime) -> dict[str, Any]:
        take_in(session, application, form.file.data, stages.CV, moment)
        return {}

    try:
        change(draft, act)
    except BadFileError as fault:
        form.file.errors = [str(fault)]
        return _page(find_draft(token), token, form), 422
    flash(_("The file is with us."), "success")
    return redirect(url_for("apply.cv", token=token), 303)


@bp.post("/apply/<token>/cv/remove")
@open_to_all
def remove_cv(token: str) -> ResponseReturnValue:
    """Takes a file back."""
    draft = find_draft(token)
    public_id = request.form.get("paper", "")

    def act(session: Session, application: Application, moment: datetime) -> dict[str, Any]:
        give_back(session, application, public_id, stages.CV, moment)
        return {}

    change(draft, act)
    return redirect(url_for("apply.cv", token=token), 303)


def _page(draft: Draft, token: str, form: CvForm, **shown: object) -> str:
    return page(
        "cv", draft, token, CV, form=form, remove=RemoveForm(formdata=None),
        papers=papers_of(db.session(), draft.application, stages.CV),
        onward=address_after(draft, token, CV), **shown,
    )  # fmt: skip
