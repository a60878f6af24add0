"""The duty officer's moves: what a human decides, each with its reason and its audit row."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import audit
from core.access import current_actor, may
from core.clock import now
from core.db import writing
from dispatch import advance, answers, incidents, intake, messages
from dispatch.forms import ChoiceForm, ReasonForm
from dispatch.forms.typed import read_digits
from dispatch.lookup import find_expert, find_offer, find_request, not_found
from dispatch.models import CrisisRequest, InboundMessage, Incident
from dispatch.reports.report import ReportError
from dispatch.views.desk import case_page
from dispatch.views.reasons import reason_words
from dispatch.views.refusals import explain_refusal

bp = Blueprint("moves", __name__, url_prefix="/desk")


@bp.post("/<ref>/<any(confirm, pause, resume, close):move>")
@may("desk.act")
def move(ref: str, move: str) -> Response:
    """Confirms, pauses, resumes or closes."""

    def act(session: Session, found: CrisisRequest) -> None:
        if move == "confirm":
            intake.confirm(session, found, officer=current_user, now=now())
        else:
            verb = {"pause": intake.pause, "resume": intake.resume, "close": intake.close}[move]
            verb(session, found, actor=current_actor(), now=now())

    return _change(find_request(ref), act)


@bp.post("/<ref>/cancel")
@may("desk.act")
def cancel(ref: str) -> ResponseReturnValue:
    """Help is no longer needed, or the request was false."""
    found, form = find_request(ref), ReasonForm()
    if not form.validate_on_submit():
        return _faulty(ref, "cancel", form)
    reason = form.reason.data or ""
    return _change(
        found,
        lambda session, held: intake.cancel(
            session, held, reason, actor=current_actor(), now=now()
        ),
    )


@bp.post("/<ref>/extend")
@may("desk.act")
def extend(ref: str) -> ResponseReturnValue:
    """Asks for another number of experts."""
    found, typed = find_request(ref), request.form.get("experts_needed", "")
    changes = {"experts_needed": read_digits(typed) if typed.strip() else 0}
    try:
        return _change(
            found,
            lambda session, held: intake.amend(
                session, held, changes, actor=current_actor(), now=now()
            ),
        )
    except ReportError as error:
        text = next(iter(error.errors.values()))
        return case_page(ref, {"at": "extend", "text": text, "typed": typed}), 422


@bp.post("/<ref>/offers")
@may("desk.act")
def choose(ref: str) -> ResponseReturnValue:
    """Offers the request to the expert whom the officer has chosen, with the reason."""
    found, form = find_request(ref), ChoiceForm()
    expert = find_expert(form.expert.data or "") or not_found()
    if not form.validate_on_submit():
        return _faulty(ref, f"choose-{expert.public_id}", form)
    reason = form.reason.data or ""
    try:
        return _change(
            found,
            lambda session, held: advance.offer_to(
                session, held, expert, actor=current_actor(), reason=reason, now=now()
            ),
        )
    except advance.NotDeployableError as error:
        sentence = _(
            "%(name)s cannot be asked now: %(reason)s. Nothing was changed.",
            name=expert.name,
            reason=reason_words(error.reason),
        )
        flash(sentence, "error")
        return redirect(url_for("desk.show_case", ref=ref), 303)


@bp.post("/offers/<public_id>/withdraw")
@may("desk.act")
def withdraw(public_id: str) -> ResponseReturnValue:
    """Takes an open offer back; the next expert is asked at once."""
    found, form = find_offer(public_id), ReasonForm()
    ref, reason = found.request.ref, form.reason.data or ""
    if not form.validate_on_submit():
        return _faulty(ref, f"withdraw-{public_id}", form)
    way_back = url_for("desk.show_case", ref=ref)
    with explain_refusal(found.request, way_back, found), writing() as session:
        answers.withdraw_offer(session, found, actor=current_actor(), reason=reason, now=now())
    return redirect(way_back, 303)


@bp.post("/texts/<int(max=2147483647):number>/handled")
@may("desk.act")
def handle_text(number: int) -> Response:
    """A human has read this text and done what it asked for."""
    with writing() as session:
        message = session.get(InboundMessage, number) or not_found()
        if message.handled_at is None:
            message.handled_at, message.handled_by = now(), current_user.id
            audit.record(
                session, actor=current_actor(), action="text.handled", subject=f"text:{number}",
                now=now(), sid=message.sid,
            )  # fmt: skip
    return redirect(url_for("desk.show_board"), 303)


@bp.post("/incidents/<int(max=2147483647):number>/clear")
@may("desk.act")
def clear_incident(number: int) -> Response:
    """A human has dealt with this."""
    with writing() as session:
        incident = session.get(Incident, number) or not_found()
        if incident.cleared_at is None:
            incidents.clear(session, incident, by=current_user, now=now())
    return redirect(url_for("desk.show_board"), 303)


@bp.post("/test-text")
@may("desk.act")
def send_test_text() -> Response:
    """Sends a text to the officer's own phone: does the whole way work?"""
    with writing() as session:
        sent = messages.send_test_text(session, current_user, now())
    if not sent:
        flash(_("Your account has no phone number. Add one under “My account”."), "error")
    else:
        flash(_("A test text is on its way to %(phone)s.", phone=current_user.phone), "success")
    return redirect(url_for("desk.show_board"), 303)


def _change(found: CrisisRequest, act: Callable[[Session, CrisisRequest], object]) -> Response:
    way_back = url_for("desk.show_case", ref=found.ref)
    with explain_refusal(found, way_back), writing() as session:
        act(session, found)
    return redirect(way_back, 303)


def _faulty(ref: str, at: str, form: ReasonForm) -> tuple[str, int]:
    """The case again, with the sentence at the field named `at` and what was typed there."""
    text = str(form.reason.errors[0]) if form.reason.errors else ""
    return case_page(ref, {"at": at, "text": text, "typed": form.reason.data or ""}), 422
