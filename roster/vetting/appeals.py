"""Where somebody who was refused appeals: a signed link, in their language, once per decision."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import open_to_all
from core.clock import now
from core.db import db, writing
from core.doors import back_to_door, language_at_door, row_behind
from core.i18n import speaking
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.models import VettingCase
from roster.registrar.casefacts import SENTENCES, CaseError
from roster.registrar.verdicts import APPEAL
from roster.rules import casework
from roster.vetting.forms import AppealForm

bp = Blueprint("appeals", __name__)
APPLICANT = "applicant"


@bp.get("/appeal/<token>")
@open_to_all
def show_appeal(token: str) -> str:
    """The reasons of the refusal and the form, or why there is none any more."""
    return _page(_find(token), token, AppealForm(formdata=None))


@bp.post("/appeal/<token>")
@open_to_all
@checks_own_token
def send_appeal(token: str) -> ResponseReturnValue:
    """Opens the case of the appeal."""
    case = _find(token)
    with speaking(_language(case)):
        form = AppealForm()
        if not form.validate_on_submit():
            status = 400 if lost_token(form) else 422
            return _page(case, token, form, retry=lost_token(form)), status
    words = form.words.data or ""
    try:
        with writing() as session:
            registrar.appeal(session, case, words, actor=APPLICANT, now=now())
    except CaseError as error:
        # Sent twice is sent once: the page says so itself.
        if error.reason != casework.APPEALED:
            with speaking(_language(case)):
                form.words.errors = [str(SENTENCES.get(error.reason, error))]
                return _page(_find(token), token, form), 409
    return back_to_door("appeals.show_appeal", token)


def _find(token: str) -> VettingCase:
    return row_behind(VettingCase, APPEAL, token)


def _language(case: VettingCase) -> str:
    return language_at_door(case.expert.language)


def _page(case: VettingCase, token: str, form: AppealForm, *, retry: bool = False) -> str:
    with speaking(_language(case)):
        return render_template(
            "vetting/appeal.html",
            case=case,
            token=token,
            form=form,
            retry=retry,
            against=_against(db.session(), case),
            last_day=casework.last_appeal(case.decided_at) if case.decided_at else None,
        )


def _against(session: Session, case: VettingCase) -> str:
    """Why there is no appeal any more, as a word of `rules.casework`; empty when there is."""
    query = select(VettingCase.id).where(VettingCase.appeal_of == case.id).limit(1)
    was_appealed = session.scalar(query) is not None
    return casework.may_appeal(case.kind, case.state, case.decided_at, was_appealed, now()) or ""
