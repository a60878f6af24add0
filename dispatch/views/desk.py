"""The duty board: every open request, what the machine could not finish, and the officer's moves."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from dispatch import advance, answers, board, candidates, incidents, intake, messages
from dispatch.forms import ChoiceForm, MoveForm, ReasonForm
from dispatch.lookup import find_offer, find_request, not_found
from dispatch.models import CrisisRequest, InboundMessage, Incident
from dispatch.progress import timeline_of
from dispatch.views.map import draw_case
from dispatch.views.words import kind_name
from roster.models import Expert

bp = Blueprint("desk", __name__, url_prefix="/desk")
SHOWN = 50


@bp.get("/")
@may("desk.see")
def show_board() -> str:
    """All open requests, gravest first, and everything that waits for a human."""
    moment = now()
    return render_template(
        "desk/board.html", board=board.read_board(db.session(), moment), now=moment, form=MoveForm()
    )


@bp.get("/live")
@may("desk.see")
def show_live() -> str:
    """The part of the board that is fetched again and again."""
    moment = now()
    return render_template(
        "desk/_board_live.html",
        board=board.read_board(db.session(), moment),
        now=moment,
        form=MoveForm(),
    )


@bp.get("/<ref>")
@may("desk.see")
def show_case(ref: str) -> str:
    """One request: its ladder as list and map, who else could be asked, and why others not."""
    return _case(ref, ReasonForm())


@bp.get("/<ref>/live")
@may("desk.see")
def show_case_live(ref: str) -> str:
    """The part of a case that is fetched again and again."""
    return _case(ref, ReasonForm(), "desk/_case_live.html")


@bp.post("/<ref>/<any(confirm, pause, resume, close):move>")
@may("desk.act")
def move(ref: str, move: str) -> Response:
    """Confirms, pauses, resumes or closes; a move that the state does not allow is 409."""

    def act(session: Session, found: CrisisRequest) -> None:
        if move == "confirm":
            intake.confirm(session, found, officer=current_user, now=now())
        else:
            getattr(intake, move)(session, found, actor=current_actor(), now=now())

    return _change(ref, act)


@bp.post("/<ref>/cancel")
@may("desk.act")
def cancel(ref: str) -> Response | tuple[str, int]:
    """Help is no longer needed, or the request was false."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _case(ref, form), 422
    return _change(
        ref,
        lambda session, found: intake.cancel(
            session, found, form.reason.data or "", actor=current_actor(), now=now()
        ),
    )


@bp.post("/<ref>/extend")
@may("desk.act")
def extend(ref: str) -> Response:
    """Asks for another number of experts."""
    wanted = request.form.get("experts_needed", "")
    changes = {"experts_needed": int(wanted) if wanted.isdecimal() else wanted}
    return _change(
        ref,
        lambda session, found: intake.amend(
            session, found, changes, actor=current_actor(), now=now()
        ),
    )


@bp.post("/<ref>/offers")
@may("desk.act")
def choose(ref: str) -> Response | tuple[str, int]:
    """Offers the request to the expert whom the officer has chosen, with the reason."""
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _case(ref, form), 422
    try:
        with writing() as session:
            found = find_request(ref, lock=True)
            wanted = select(Expert).where(Expert.public_id == form.expert.data)
            expert = session.scalars(wanted).one_or_none() or not_found()
            advance.offer_to(
                session,
                found,
                expert,
                actor=current_actor(),
                reason=form.reason.data or "",
                now=now(),
            )
    except advance.NotDeployableError as error:
        flash(str(error), "error")
    return redirect(url_for("desk.show_case", ref=ref), 303)


@bp.post("/offers/<public_id>/withdraw")
@may("desk.act")
def withdraw(public_id: str) -> Response | tuple[str, int]:
    """Takes an open offer back; the next expert is asked at once."""
    form = ReasonForm()
    ref = find_offer(public_id).request.ref
    if not form.validate_on_submit():
        return _case(ref, form), 422
    with writing() as session:
        found = find_offer(public_id)
        answers.withdraw_offer(
            session, found, actor=current_actor(), reason=form.reason.data or "", now=now()
        )
    return redirect(url_for("desk.show_case", ref=ref), 303)


@bp.post("/texts/<int:number>/handled")
@may("desk.act")
def handle_text(number: int) -> Response:
    """A human has read this text and done what it asked for."""
    with writing() as session:
        message = session.get(InboundMessage, number) or not_found()
        message.handled_at, message.handled_by = now(), current_user.id
    return redirect(url_for("desk.show_board"), 303)


@bp.post("/incidents/<int:number>/clear")
@may("desk.act")
def clear_incident(number: int) -> Response:
    """A human has dealt with this."""
    with writing() as session:
        incident = session.get(Incident, number) or not_found()
        incidents.clear(session, incident, by=current_user, now=now())
    return redirect(url_for("desk.show_board"), 303)


@bp.post("/test-text")
@may("desk.act")
def send_test_text() -> Response:
    """Sends a text to the officer's own phone: does the whole way work?"""
    if not current_user.phone:
        flash(_("Your account has no phone number. Add one under “My account”."), "error")
        return redirect(url_for("desk.show_board"), 303)
    with writing() as session:
        messages.send_test_text(session, current_user, now())
    flash(_("A test text is on its way to %(phone)s.", phone=current_user.phone))
    return redirect(url_for("desk.show_board"), 303)


def _change(ref: str, act: Callable[[Session, CrisisRequest], None]) -> Response:
    with writing() as session:
        act(session, find_request(ref, lock=True))
    return redirect(url_for("desk.show_case", ref=ref), 303)


def _case(ref: str, form: ReasonForm, template: str = "desk/case.html") -> str:
    moment = now()
    found = find_request(ref)
    who = candidates.describe(db.session(), found, moment, limit=SHOWN)
    return render_template(
        template,
        crisis=found,
        kind_name=kind_name(found.kind),
        who=who,
        map=draw_case(found, who),
        duplicates=intake.possible_duplicates(db.session(), found),
        timeline=timeline_of(found),
        form=form,
        now=moment,
    )
