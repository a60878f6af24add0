"""How did it go: the office, by its signed link or signed in, or a duty officer says so once."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.access import ask_to_sign_in, current_actor, open_to_all, require
from core.clock import now
from core.db import db, writing
from core.links import read as read_link
from core.web import checks_own_token, lost_token
from dispatch.evaluating import evaluate, evaluation_of
from dispatch.forms.evaluation import EvaluationForm
from dispatch.lookup import find_any_case, find_case, not_found
from dispatch.messages.recipients import STATUS_LINK
from dispatch.models import CrisisRequest, Mission
from dispatch.rules import terms

bp = Blueprint("evaluation", __name__)


@bp.get("/crisis/<ref>/missions/<public_id>/evaluation")
@open_to_all
def show_form(ref: str, public_id: str) -> ResponseReturnValue:
    """The question, or that it was answered."""
    if not _may_look():
        return ask_to_sign_in()
    found = _case(ref)
    return _page(found, _mission(found, public_id), EvaluationForm(formdata=None))


@bp.post("/crisis/<ref>/missions/<public_id>/evaluation")
@open_to_all
@checks_own_token
def send_form(ref: str, public_id: str) -> ResponseReturnValue:
    """Keeps the answer, the first one only."""
    if not _may_look():
        return ask_to_sign_in()
    found, form = _case(ref), EvaluationForm()
    mission = _mission(found, public_id)
    if not form.validate_on_submit():
        expired = lost_token(form)
        return _page(found, mission, form, retry=expired), 400 if expired else 422
    rating, comment = int(form.rating.data), form.comment.data or ""
    with writing() as session:
        by = f"office:{found.office_code}" if "key" in request.args else current_actor()
        kept = evaluate(session, mission, rating, comment, by=by, now=now())
    if kept:
        flash(_("Thank you. This is kept with the expert's record."), "success")
    else:
        flash(_("Somebody has answered this already. Nothing was changed."), "error")
    back = url_for("status.show_crisis", ref=ref, key=request.args.get("key"))
    return redirect(back, 303)


def _may_look() -> bool:
    return "key" in request.args or bool(current_user.is_authenticated)


def _case(ref: str) -> CrisisRequest:
    """The request, for whoever holds its link or may change it."""
    if "key" in request.args:
        if read_link(STATUS_LINK, request.args["key"]) != ref:
            abort(
                404, description=_("This link is not complete. Open it from the message we sent.")
            )
        return find_any_case(ref)
    found = find_case(ref)
    require("crisis.change", found.office_code)
    return found


def _mission(found: CrisisRequest, public_id: str) -> Mission:
    done = (one for one in found.missions if one.status == terms.DONE)
    return next((one for one in done if one.public_id == public_id), None) or not_found()


def _page(
    found: CrisisRequest, mission: Mission, form: EvaluationForm, *, retry: bool = False
) -> str:
    return render_template(
        "dispatch/evaluation.html",
        crisis=found,
        mission=mission,
        form=form,
        retry=retry,
        answered=evaluation_of(db.session(), mission) is not None,
        key=request.args.get("key"),
    )
