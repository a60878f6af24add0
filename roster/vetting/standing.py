"""The buttons of HR on an expert's page: a new case, the panel, the listing in IP-ROC."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from roster import registrar
from roster.hours import clock_there
from roster.models import Expert
from roster.naming import places_named
from roster.registrar.casefacts import CaseError
from roster.rules import stages
from roster.vetting import telling
from roster.vetting.casefile import cases_about, kinds_for
from roster.vetting.forms import ListingForm, OpenForm
from roster.vetting.words import KINDS, STATES

bp = Blueprint("standing", __name__, url_prefix="/roster")
Act = Callable[[Session, Expert], str]  # what happened, as a sentence


@bp.post("/<public_id>/cases")
@may("vetting.act")
def open_case(public_id: str) -> ResponseReturnValue:
    """Opens a case and leads to it."""
    expert, form = _find(public_id), OpenForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        with writing() as session:
            case = registrar.open_case(
                session, expert, form.kind.data, actor=current_actor(), now=now()
            )
            registrar.take_case(session, case, current_user, actor=current_actor(), now=now())
            address = url_for("vetting.show_case", public_id=case.public_id)
    except CaseError as error:
        return _say_why_not(error, public_id)
    flash(_("The case is open, and it is yours."), "success")
    return redirect(address, 303)


@bp.post("/<public_id>/panel")
@may("vetting.act")
def change_panel(public_id: str) -> ResponseReturnValue:
    """Makes the expert a member of the panel (`member=yes`), or ends that."""
    joins = request.form.get("member") == "yes"
    verb = registrar.join_panel if joins else registrar.leave_panel

    def act(session: Session, expert: Expert) -> str:
        verb(session, expert, actor=current_actor(), now=now())
        return telling.panel_changed(expert)

    return _try(public_id, act)


@bp.post("/<public_id>/iproc")
@may("vetting.act")
def list_in_iproc(public_id: str) -> ResponseReturnValue:
    """Notes the listing in IP-ROC."""
    form = ListingForm()
    if not form.validate_on_submit():
        for errors in form.errors.values():
            flash(str(errors[0]), "error")
        return _back(public_id, **_typed())
    reference, day = form.reference.data or "", form.listed_on.data or now().date()

    def act(session: Session, expert: Expert) -> str:
        registrar.list_in_iproc(session, expert, reference, day, actor=current_actor(), now=now())
        said = {"name": expert.name, "reference": expert.iproc_reference}
        return str(_("%(name)s is listed in IP-ROC as %(reference)s.", **said))

    return _try(public_id, act, **_typed())


@bp.post("/<public_id>/delist")
@may("vetting.act")
def delist(public_id: str) -> ResponseReturnValue:
    """Takes the expert out of IP-ROC."""

    def act(session: Session, expert: Expert) -> str:
        registrar.delist(session, expert, actor=current_actor(), now=now())
        return telling.delisted(expert)

    return _try(public_id, act)


@bp.app_context_processor
def give_standing() -> dict[str, object]:
    """What templates ask for that show a person: of their standing, places and clock."""
    return {"standing_of": standing_of, "places_named": places_named, "clock_there": clock_there}


def standing_of(expert: Expert) -> dict[str, object]:
    """The cases about `expert`, the forms, and which kinds of case can be opened now."""
    cases = cases_about(db.session(), expert.id)
    is_open = any(case.state == stages.OPEN for case in cases)
    return {
        "cases": cases,
        "kinds": [] if is_open else kinds_for(expert),
        "kind_words": KINDS,
        "state_words": STATES,
        "form": OpenForm(formdata=None),
        "today": now().date(),
        "typed": request.args,
    }


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("reference", "listed_on")}


def _find(public_id: str) -> Expert:
    found = db.session.scalar(select(Expert).where(Expert.public_id == public_id))
    return found or abort(404)


def _try(public_id: str, act: Act, **typed: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            said = act(session, _find(public_id))
    except CaseError as error:
        return _say_why_not(error, public_id, **typed)
    flash(said, "success")
    return _back(public_id)


def _say_why_not(error: CaseError, public_id: str, **typed: str) -> Response:
    flash(str(error), "error")
    return _back(public_id, **typed)


def _back(public_id: str, **typed: str) -> Response:
    values: dict[str, Any] = {"public_id": public_id, **typed}
    return redirect(url_for("roster.show_expert", **values), 303)
