"""Does what a vetter asked for in one transaction, or shows the case again with what was typed."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.db import writing
from core.web import lost_token
from roster.models import VettingCase
from roster.registrar.casefacts import CaseError
from roster.registrar.references import RefereeError
from roster.vetting.forms import fault_of, refused_at
from roster.vetting.views import case_page, find_case

Act = Callable[[Session], str]  # returns what happened, as a sentence for the vetter


def attempt(
    case: VettingCase, at: str, form: FlaskForm, act: Act, anchor: str | None = None
) -> ResponseReturnValue:
    """Acts, and says so; what is refused is shown at the form `at` with what was typed."""
    if not form.validate_on_submit():
        if lost_token(form):
            sentence = _("This page was open for a long time. Send it once more.")
            return case_page(case, refused_at(at, sentence)), 400
        return case_page(case, fault_of(at, form)), 422
    try:
        with writing() as session:
            said = act(session)
    except (CaseError, RefereeError) as error:
        return case_page(find_case(case.public_id), refused_at(at, str(error))), 409
    # Where the page is opened in its middle, a sentence at its top would not be seen.
    flash(said, f"at-{anchor}" if anchor else "success")
    return _back(case, anchor)


def _back(case: VettingCase, anchor: str | None) -> Response:
    address = url_for("vetting.show_case", public_id=case.public_id, _anchor=anchor)
    return redirect(address, 303)
