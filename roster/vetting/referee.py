"""Where a referee answers: a signed link, a form in their language, answered once or declined."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.doors import back_to_door, language_at_door, row_behind
from core.i18n import speaking
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.models import Expert, Reference, VettingCase
from roster.registrar.references import PURPOSE, QUESTIONS, case_waiting
from roster.trust.sightings import PAGE, saw
from roster.vetting.forms import YES, ReferenceForm

bp = Blueprint("referee", __name__)
DECLINE = "decline"


@bp.get("/reference/<token>")
@open_to_all
def show_reference(token: str) -> str:
    """The questions, or thanks; in the referee's language unless they chose another."""
    reference = _find(token)
    with speaking(_language(reference)):
        return _page(reference, token, ReferenceForm(formdata=None))


@bp.post("/reference/<token>")
@open_to_all
@checks_own_token
def answer_reference(token: str) -> ResponseReturnValue:
    """Takes the answers; sent twice, the first ones stay."""
    reference = _find(token)
    with speaking(_language(reference)):
        form = ReferenceForm()
        declines = DECLINE in request.form
        if not form.validate_on_submit() and (lost_token(form) or not declines):
            status = 400 if lost_token(form) else 422
            return _page(reference, token, form, retry=lost_token(form)), status
    recommends = None if declines else form.recommends.data == YES
    answers = {name: str(form[name].data or "") for name in QUESTIONS}
    with writing() as session:
        registrar.record_reference(session, reference, recommends, answers, now())
    return back_to_door("referee.show_reference", token)


def _find(token: str) -> Reference:
    return row_behind(Reference, PURPOSE, token)


def _language(reference: Reference) -> str:
    return language_at_door(reference.language)


def _page(reference: Reference, token: str, form: ReferenceForm, *, retry: bool = False) -> str:
    case = db.session.get_one(VettingCase, reference.case_id)
    expert = db.session.get_one(Expert, case.expert_id)
    saw(expert, PAGE)
    with speaking(_language(reference)):
        return render_template(
            "vetting/reference.html",
            reference=reference,
            name=expert.name,
            token=token,
            form=form,
            retry=retry,
            is_over=case_waiting(db.session(), reference) is None,
        )
