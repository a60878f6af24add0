"""Watching help come: the office's live status page, and what it may still change.

Who was asked stays unnamed until they have accepted.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.access import allowed, ask_to_sign_in, current_actor, may, open_to_all
from core.clock import now
from core.db import db, writing
from core.i18n import current_language
from core.links import read as read_link
from core.web import checks_own_token, lost_token
from dispatch import intake
from dispatch.evaluating import evaluation_of
from dispatch.forms import AmendForm, ReasonForm
from dispatch.forms.choices import read_choices
from dispatch.lookup import find_any_case, find_case, find_request
from dispatch.messages.recipients import STATUS_LINK
from dispatch.models import CrisisRequest, Mission
from dispatch.progress import experts_found, ladder_for_office
from dispatch.reports.report import ReportError
from dispatch.rules import terms
from dispatch.rules.escalation import ENDED
from dispatch.views.live import LivePart, address_of, answer_live, live_part
from dispatch.views.refusals import explain_refusal
from dispatch.views.words import kind_name, state_sentence
from roster.trust.sightings import PAGE, saw

bp = Blueprint("status", __name__)
EVERY_S = 5


@bp.get("/crisis/<ref>")
@open_to_all
def show_crisis(ref: str) -> ResponseReturnValue:
    """The live status page, for whoever may see the request or holds its signed link."""
    return _page(_visible(ref)) if _may_look() else ask_to_sign_in()


@bp.get("/crisis/<ref>/live")
@open_to_all
def show_live(ref: str) -> ResponseReturnValue:
    """The part of the status page that is fetched again and again."""
    return answer_live(_live(_visible(ref))) if _may_look() else ask_to_sign_in()


@bp.get("/crisis/<ref>/cancel")
@may("crisis.change")
def show_cancel(ref: str) -> str:
    """Asks why help is no longer needed, on a page that does not renew itself."""
    found = find_request(ref)
    return render_template("dispatch/crisis_cancel.html", form=ReasonForm(), crisis=found)


@bp.post("/crisis/<ref>/cancel")
@may("crisis.change")
@checks_own_token
def cancel_crisis(ref: str) -> ResponseReturnValue:
    """The office no longer needs help."""
    found, form = find_request(ref), ReasonForm()
    if not form.validate_on_submit():
        expired = lost_token(form)
        shown = {"form": form, "crisis": found, "expired": expired}
        return render_template("dispatch/crisis_cancel.html", **shown), 400 if expired else 422
    with explain_refusal(found, _address(ref)), writing() as session:
        intake.cancel(session, found, form.reason.data or "", actor=current_actor(), now=now())
    flash(_("The request is cancelled. Everybody who was asked has been told."), "success")
    return redirect(_address(ref), 303)


@bp.post("/crisis/<ref>/close")
@may("crisis.change")
def close_crisis(ref: str) -> ResponseReturnValue:
    """The crisis is over."""
    found = find_request(ref)
    with explain_refusal(found, _address(ref)), writing() as session:
        intake.close(session, found, actor=current_actor(), now=now())
    flash(_("The case is closed."), "success")
    return redirect(_address(ref), 303)


@bp.get("/crisis/<ref>/change")
@may("crisis.change")
def show_change(ref: str) -> ResponseReturnValue:
    """What was told so far, to be changed while the search goes on."""
    found, form = find_request(ref), _amend_form()
    form.show(found, current_language())
    return render_template("dispatch/crisis_change.html", form=form, crisis=found)


@bp.post("/crisis/<ref>/change")
@may("crisis.change")
@checks_own_token
def change_crisis(ref: str) -> ResponseReturnValue:
    """Changes what was told; those who were asked are told, or are no longer asked."""
    found, form = find_request(ref), _amend_form()
    if not form.validate_on_submit():
        expired = lost_token(form)
        shown = {"form": form, "crisis": found, "expired": expired}
        return render_template("dispatch/crisis_change.html", **shown), 400 if expired else 422
    try:
        with explain_refusal(found, _address(ref)), writing() as session:
            intake.amend(session, found, form.changes(found), actor=current_actor(), now=now())
    except ReportError as error:
        form.take(error.errors)
        return render_template("dispatch/crisis_change.html", form=form, crisis=found), 422
    flash(_("Saved. Whoever was asked already has been told."), "success")
    return redirect(_address(ref), 303)


def _may_look() -> bool:
    return "key" in request.args or bool(current_user.is_authenticated)


def _visible(ref: str) -> CrisisRequest:
    if "key" not in request.args:
        return find_case(ref)
    if read_link(STATUS_LINK, request.args["key"]) != ref:
        abort(404, description=_("This link is not complete. Open it from the message we sent."))
    return find_any_case(ref)


def _address(ref: str) -> str:
    return url_for("status.show_crisis", ref=ref)


def _amend_form() -> AmendForm:
    form = AmendForm()
    form.offer(read_choices(db.session(), current_language()))
    return form


def _live(found: CrisisRequest) -> LivePart:
    key = request.args.get("key")
    sentence, coming = state_sentence(found), experts_found(found)
    for expert in coming:
        saw(expert, PAGE)
    return live_part(
        "live",
        "dispatch/_crisis_live.html",
        address_of("status.show_live", ref=found.ref, key=key),
        every_s=0 if found.status in ENDED else EVERY_S,
        said=sentence,
        crisis=found,
        sentence=sentence,
        coming=coming,
        ladder=ladder_for_office(found),
    )


def _to_rate(found: CrisisRequest, *, by_link: bool) -> list[Mission]:
    """The missions of which nobody has said yet how they went, for whoever may say so."""
    if not by_link and not allowed("crisis.change", found.office_code):
        return []
    done = [one for one in found.missions if one.status == terms.DONE]
    return [one for one in done if evaluation_of(db.session(), one) is None]


def _page(found: CrisisRequest) -> str:
    by_link = "key" in request.args
    return render_template(
        "dispatch/crisis_status.html",
        crisis=found,
        part=_live(found),
        kind_name=kind_name(found.kind),
        may_change=allowed("crisis.change", found.office_code) and not by_link,
        by_link=by_link,
        over=found.status in ENDED,
        to_rate=_to_rate(found, by_link=by_link),
        key=request.args.get("key"),
    )
