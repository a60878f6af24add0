"""What vetters do to a case, each told in a sentence of what happened.

Whatever is refused comes back with all that was typed.
"""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import current_actor, may
from core.accounts.models import User
from core.clock import now
from core.db import db
from core.web import checks_own_token
from roster import registrar
from roster.models import Reference
from roster.vetting import telling
from roster.vetting.attempting import attempt
from roster.vetting.forms import (
    DropForm,
    DueForm,
    OwnerForm,
    QualifyForm,
    RefereeForm,
    RefuseForm,
    StepForm,
)
from roster.vetting.views import PUBLIC_ID, find_case

bp = Blueprint("casework", __name__, url_prefix="/vetting")


@bp.post("/<public_id>/steps")
@may("vetting.act")
@checks_own_token
def record_step(public_id: str) -> ResponseReturnValue:
    """Writes down a finding."""
    case, form = find_case(public_id), StepForm()
    stage, subject = form.stage.data or "", form.subject.data or ""

    def act(session: Session) -> str:
        step = registrar.record_step(
            session, case, stage, form.result.data, reviewer=current_user, now=now(),
            subject=subject, evidence=form.evidence.data or "", comment=form.comment.data or "",
            score=form.score.data, level=form.level.data,
        )  # fmt: skip
        return telling.recorded(step)

    at = f"{stage}-{subject}" if subject else stage
    return attempt(case, at, form, act, anchor=f"stage-{stage}")


@bp.post("/<public_id>/owner")
@may("vetting.act")
def hand_over(public_id: str) -> ResponseReturnValue:
    """Takes the case, hands it over, or gives it back."""
    case, form = find_case(public_id), OwnerForm()
    owner = _account(form.owner.data or "")

    def act(session: Session) -> str:
        registrar.take_case(session, case, owner, actor=current_actor(), now=now())
        return telling.handed_over(owner, is_me=owner is not None and owner.id == current_user.id)

    return attempt(case, "owner", form, act)


@bp.post("/<public_id>/due")
@may("vetting.act")
@checks_own_token
def set_due(public_id: str) -> ResponseReturnValue:
    """Moves the day by which the case should be decided."""
    case, form = find_case(public_id), DueForm()
    day = form.due_on.data or case.due_on

    def act(session: Session) -> str:
        registrar.set_due(session, case, day, actor=current_actor(), now=now())
        return str(_("The case is due on %(day)s now.", day=format_date(day, "medium")))

    return attempt(case, "due", form, act)


@bp.post("/<public_id>/references")
@may("vetting.act")
@checks_own_token
def ask_reference(public_id: str) -> ResponseReturnValue:
    """Names a referee and asks them by mail."""
    case, form = find_case(public_id), RefereeForm()

    def act(session: Session) -> str:
        asked = registrar.ask_reference(
            session, case, form.name.data or "", form.email.data or "",
            language=form.language.data, organisation=form.organisation.data or "",
            relation=form.relation.data or "", actor=current_actor(), now=now(),
        )  # fmt: skip
        return telling.asked(asked)

    return attempt(case, "referee", form, act, anchor="stage-references")


@bp.post("/<public_id>/references/<reference>")
@may("vetting.act")
def write_to_referee(public_id: str, reference: str) -> ResponseReturnValue:
    """Asks a referee whom the applicant has named, or reminds one who was asked."""
    case, form = find_case(public_id), OwnerForm()
    query = select(Reference).where(Reference.public_id == reference, Reference.case_id == case.id)
    found = db.session.scalar(query) or abort(404)

    def act(session: Session) -> str:
        if found.asked_at is not None:
            return telling.reminded(found, registrar.remind_reference(session, found, now()))
        return telling.asked(
            registrar.ask_reference(
                session, case, found.name, found.email, actor=current_actor(), now=now()
            )
        )

    return attempt(case, "referee", form, act, anchor="stage-references")


@bp.post("/<public_id>/qualify")
@may("vetting.act")
@checks_own_token
def qualify(public_id: str) -> ResponseReturnValue:
    """A good decision."""
    case, form = find_case(public_id), QualifyForm()

    def act(session: Session) -> str:
        against = registrar.decide(
            session, case, True, decider=current_user, now=now(),
            comment=form.comment.data or "", valid_until=form.valid_until.data,
        )  # fmt: skip
        return telling.decided(case, against)

    return attempt(case, "qualify", form, act)


@bp.post("/<public_id>/refuse")
@may("vetting.act")
@checks_own_token
def refuse(public_id: str) -> ResponseReturnValue:
    """A refusal, with its reasons."""
    case, form = find_case(public_id), RefuseForm()

    def act(session: Session) -> str:
        registrar.decide(
            session, case, False, decider=current_user, now=now(),
            reasons=form.reasons.data or "", comment=form.comment.data or "",
        )  # fmt: skip
        return str(_("Refused. The applicant is told the reasons by mail."))

    return attempt(case, "refuse", form, act)


@bp.post("/<public_id>/drop")
@may("vetting.act")
@checks_own_token
def drop(public_id: str) -> ResponseReturnValue:
    """An end without a decision."""
    case, form = find_case(public_id), DropForm()

    def act(session: Session) -> str:
        comment = form.comment.data or ""
        registrar.drop_case(session, case, actor=current_actor(), now=now(), comment=comment)
        return str(_("The case is closed without a decision."))

    return attempt(case, "drop", form, act)


def _account(public_id: str) -> User | None:
    """The account that a case is handed to; None for nobody. Who is no vetter is refused later."""
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalar(select(User).where(User.public_id == public_id)) or abort(404)
