"""Pages of trust about one expert: who saw and changed their data, and forgetting them for good."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from core.tables import csv_lines
from core.web import checks_own_token, lost_token
from roster import registrar
from roster.models import Expert
from roster.trust.forms import EraseForm
from roster.trust.history import read_history, read_page
from roster.trust.sightings import EXPORT, PAGE, saw

bp = Blueprint("trust", __name__, url_prefix="/roster")
COLUMNS = ("when_utc", "who", "kind", "what")


@bp.get("/<public_id>/history")
@may("vetting.see")
def show_history(public_id: str) -> str:
    """Who saw and who changed what is stored of an expert, newest first."""
    expert = find_expert(public_id)
    saw(expert, PAGE)
    number = request.args.get("page", "1")
    page = read_page(db.session(), expert, int(number[:9]) if number.isdecimal() else 1)
    return render_template("roster/trust/history.html", expert=expert, page=page)


@bp.get("/<public_id>/history.csv")
@may("vetting.see")
def download_history(public_id: str) -> Response:
    """The same as a file."""
    expert = find_expert(public_id)
    saw(expert, EXPORT)
    rows = (
        {"when_utc": one.at.isoformat(), "who": one.who, "kind": one.kind, "what": one.what}
        for one in read_history(db.session(), expert)
    )
    headers = {"Content-Disposition": f"attachment; filename=history-{expert.public_id}.csv"}
    content = "\ufeff" + "".join(csv_lines(COLUMNS, rows))
    return Response(content, mimetype="text/csv", headers=headers)


@bp.get("/<public_id>/erase")
@may("roster.edit")
def ask_to_erase(public_id: str) -> str:
    """What it means to forget somebody, and the question."""
    return _question(find_expert(public_id), EraseForm())


@bp.post("/<public_id>/erase")
@may("roster.edit")
@checks_own_token
def erase(public_id: str) -> ResponseReturnValue:
    """Forgets somebody for good."""
    expert, form = find_expert(public_id), EraseForm()
    if not form.validate_on_submit():
        return _question(expert, form), 400 if lost_token(form) else 422
    try:
        with writing() as session:
            registrar.erase(session, find_expert(public_id), actor=current_actor(), now=now())
    except registrar.ErasureRefusedError as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("roster.show_expert", public_id=public_id), 303)
    flash(_("Everything that was stored of this person is erased."), "success")
    return redirect(url_for("roster.list_experts"), 303)


def find_expert(public_id: str) -> Expert:
    """The expert with this public id, also one who was erased; 404 when there is none."""
    expert = db.session.scalar(select(Expert).where(Expert.public_id == public_id))
    if expert is None:
        abort(404)
    return expert


def _question(expert: Expert, form: EraseForm) -> str:
    return render_template("roster/trust/erase.html", expert=expert, form=form)
