"""What vetters do to a case. Whatever is refused comes back with all that was typed."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.accounts.models import User
from core.clock import now
from core.db import db, writing
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.models import Reference, VettingCase
from roster.registrar.casefacts import CaseError
from roster.registrar.references import RefereeError
from roster.vetting.forms import (
    DropForm,
    DueForm,
    OwnerForm,
    QualifyForm,
    RefereeForm,
    RefuseForm,
    StepForm,
    fault_of,
    refused_at,
)
from roster.vetting.views import PUBLIC_ID, case_page, find_case

bp = Blueprint("casework", __name__, url_prefix="/vetting")
Act = Callable[[Session], object]


@bp.post("/<public_id>/steps")
@may("vetting.act")
@checks_own_token
def record_step(public_id: str) -> ResponseReturnValue:
    """Writes down a finding."""
    case, form = find_case(public_id), StepForm()
    stage, subject = form.stage.data or "", form.subject.data or ""

    def act(session: Session) -> None:
        registrar.record_step(
            session, case, stage, form.result.data, reviewer=current_user, now=now(),
            subject=subject, evidence=form.evidence.data or "", comment=form.comment.data or "",
            score=form.score.data, level=form.level.data,
        )  # fmt: skip

    at = f"{stage}-{subject}" if subject else stage
    return _try(case, at, form, act, anchor=f"stage-{stage}")


@bp.post("/<public_id>/owner")
@may("vetting.act")
def hand_over(public_id: str) -> ResponseReturnValue:
    """Takes the case, hands it over, or gives it back."""
    case, form = find_case(public_id), OwnerForm()
    owner = _account(form.owner.data or "")

    def act(session: Session) -> None:
        registrar.take_case(session, case, owner, actor=current_actor(), now=now())

    return _try(case, "owner", form, act)


@bp.post("/<public_id>/due")
@may("vetting.act")
@checks_own_token
def set_due(public_id: str) -> ResponseReturnValue:
    """Moves the day by which the case should be decided."""
    case, form = find_case(public_id), DueForm()
    day = form.due_on.data or case.due_on

    def act(session: Session) -> None:
        registrar.set_due(session, case, day, actor=current_actor(), now=now())

    return _try(case, "due", form, act)


@bp.post("/<public_id>/references")
@may("vetting.act")
@checks_own_token
def ask_reference(public_id: str) -> ResponseReturnValue:
    """Names a referee and asks them by mail."""
    case, form = find_case(public_id), RefereeForm()

    def act(session: Session) -> None:
        registrar.ask_reference(
            session, case, form.name.data or "", form.email.data or "",
            language=form.language.data, organisation=form.organisation.data or "",
            relation=form.relation.data or "", actor=current_actor(), now=now(),
        )  # fmt: skip

    return _try(case, "referee", form, act, anchor="stage-references")


@bp.post("/<public_id>/references/<reference>")
@may("vetting.act")
def write_to_referee(public_id: str, reference: str) -> ResponseReturnValue:
    """Asks a referee whom the applicant has named, or reminds one who was asked."""
    case, form = find_case(public_id), OwnerForm()
    query = select(Reference).where(Reference.public_id == reference, Reference.case_id == case.id)
    found = db.session.scalar(query) or abort(404)

    def act(session: Session) -> None:
        if found.asked_at is not None:
            registrar.remind_reference(session, found, now())
        else:
            registrar.ask_reference(
                session, case, found.name, found.email, actor=current_actor(), now=now()
            )

    return _try(case, "referee", form, act, anchor="stage-references")


@bp.post("/<public_id>/qualify")
@may("vetting.act")
@checks_own_token
def qualify(public_id: str) -> ResponseReturnValue:
    """A good decision."""
    case, form = find_case(public_id), QualifyForm()

    def act(session: Session) -> None:
        registrar.decide(
            session, case, True, decider=current_user, now=now(),
            comment=form.comment.data or "", valid_until=form.valid_until.data,
        )  # fmt: skip
        flash(_("Decided. The applicant is told by mail."), "success")

    return _try(case, "qualify", form, act)


@bp.post("/<public_id>/refuse")
@may("vetting.act")
@checks_own_token
def refuse(public_id: str) -> ResponseReturnValue:
    """A refusal, with its reasons."""
    case, form = find_case(public_id), RefuseForm()

    def act(session: Session) -> None:
        registrar.decide(
            session, case, False, decider=current_user, now=now(),
            reasons=form.reasons.data or "", comment=form.comment.data or "",
        )  # fmt: skip
        flash(_("Decided. The applicant is told by mail."), "success")

    return _try(case, "refuse", form, act)


@bp.post("/<public_id>/drop")
@may("vetting.act")
@checks_own_token
def drop(public_id: str) -> ResponseReturnValue:
    """An end without a decision."""
    case, form = find_case(public_id), DropForm()

    def act(session: Session) -> None:
        comment = form.comment.data or ""
        registrar.drop_case(session, case, actor=current_actor(), now=now(), comment=comment)
        flash(_("The case is closed without a decision."), "success")

    return _try(case, "drop", form, act)


def _try(
    case: VettingCase, at: str, form: FlaskForm, act: Act, anchor: str | None = None
) -> ResponseReturnValue:
    """Acts in one transaction; what is refused is shown at the form `at` with what was typed."""
    if not form.validate_on_submit():
        if lost_token(form):
            sentence = _("This page was open for a long time. Send it once more.")
            return case_page(case, refused_at(at, sentence)), 400
        return case_page(case, fault_of(at, form)), 422
    try:
        with writing() as session:
            act(session)
    except (CaseError, RefereeError) as error:
        return case_page(find_case(case.public_id), refused_at(at, str(error))), 409
    return _back(case, anchor)


def _back(case: VettingCase, anchor: str | None) -> Response:
    address = url_for("vetting.show_case", public_id=case.public_id, _anchor=anchor)
    return redirect(address, 303)


def _account(public_id: str) -> User | None:
    """The account that a case is handed to; None for nobody. Who is no vetter is refused later."""
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalar(select(User).where(User.public_id == public_id)) or abort(404)
