"""The first of the expert's pages: asked or not, the open offer, missions, what was before."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from core.look import local_time
from core.pages import exists
from dispatch import missions
from dispatch.forms import AnswerForm, MoveForm, ReasonForm
from dispatch.me.blueprint import back_to, bp, find_own, own_expert
from dispatch.me.own_missions import running_of
from dispatch.me.standing import standing_of
from dispatch.models import Mission, Offer
from dispatch.offer_link import link_of
from dispatch.rules import terms
from dispatch.rules.escalation import is_late
from dispatch.rules.lifecycle import MoveNotAllowedError
from dispatch.wording.offers import works_remotely
from roster.models import Expert

PAST = 20


@bp.get("")
@may("own")
def show_overview() -> str:
    """How it stands with me, and what waits for me; what to do when I have no entry yet."""
    expert, moment = find_own(), now()
    if expert is None:
        return render_template("me/no_entry.html", can_apply=exists("/apply"))
    offers = db.session.scalars(_offers(expert).limit(PAST)).unique().all()
    live = next((one for one in offers if one.status == terms.OPEN), None)
    if live is not None and is_late(moment, live.deadline):
        live = None
    return render_template(
        "me/overview.html",
        expert=expert,
        standing=standing_of(db.session(), expert, moment),
        offer=live,
        token=link_of(live).rpartition("/")[2] if live else "",
        remotely=works_remotely(live) if live else False,
        deadline=local_time(live.deadline, expert.time_zone) if live else "",
        running=running_of(db.session(), expert),
        past=[one for one in offers if one is not live and not _is_running(one)],
        answer=AnswerForm(formdata=None),
        move=MoveForm(formdata=None),
    )


@bp.post("/missions/<public_id>/done")
@may("own")
def finish_mission(public_id: str) -> Response:
    """The work is done, and I am free again."""
    mission = _own_mission(public_id)
    try:
        with writing() as session:
            missions.done(session, mission, actor=current_actor(), now=now())
    except MoveNotAllowedError:
        flash(_("Nothing was done: this mission is over already."), "error")
    else:
        flash(_("Thank you. The mission is closed, and you are free again."), "success")
    return back_to("me.show_overview")


@bp.get("/missions/<public_id>/leave")
@may("own")
def show_leaving(public_id: str) -> ResponseReturnValue:
    """Asks why I can no longer go, on a page of its own: it is not pressed by mistake."""
    mission = _own_mission(public_id)
    return render_template("me/leave.html", mission=mission, form=ReasonForm(formdata=None))


@bp.post("/missions/<public_id>/leave")
@may("own")
def leave_mission(public_id: str) -> ResponseReturnValue:
    """I can no longer go: others are asked at once, and the office is told."""
    mission, form = _own_mission(public_id), ReasonForm()
    if not form.validate_on_submit():
        return render_template("me/leave.html", mission=mission, form=form), 422
    reason = form.reason.data or ""
    try:
        with writing() as session:
            missions.withdraw(
                session, mission, actor=current_actor(), reason=reason[:200], now=now()
            )
    except MoveNotAllowedError:
        flash(_("Nothing was done: this mission is over already."), "error")
    else:
        flash(_("You are no longer on this mission. Others are being asked."), "success")
    return redirect(url_for("me.show_overview"), 303)


def _offers(expert: Expert) -> Select[Offer]:
    return select(Offer).where(Offer.expert_id == expert.id).order_by(Offer.id.desc())


def _is_running(offer: Offer) -> bool:
    return offer.mission is not None and offer.mission.status in terms.ACTIVE


def _own_mission(public_id: str) -> Mission:
    """The mission, if it is the signed-in expert's own; 404 sounds the same for all others."""
    expert = own_expert()
    wanted = select(Mission).where(Mission.public_id == public_id, Mission.expert_id == expert.id)
    return db.session.scalars(wanted).unique().one_or_none() or abort(404)
