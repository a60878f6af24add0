"""The page on which an office says what it needs others to know before a crisis."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core import clock
from core.access import current_actor, may, require
from core.db import db, writing
from core.i18n import current_language
from core.offices.forms import ProfileForm
from core.reference.editing import edit
from core.reference.models import Office
from core.reference.queries import office_name

bp = Blueprint("offices", __name__, url_prefix="/office")


@bp.get("/")
@may("office.edit")
def own_office() -> ResponseReturnValue:
    """Leads focal points to their office, administrators to the list of all."""
    if current_user.office_code:
        return redirect(url_for("offices.show", code=current_user.office_code))
    return redirect("/admin/reference/offices/")


@bp.get("/<code>")
@may("office.edit")
def show(code: str) -> ResponseReturnValue:
    """What is stored of the office, as a form."""
    office = _office(code)
    return _page(office, ProfileForm.of(office))


@bp.post("/<code>")
@may("office.edit")
def change(code: str) -> ResponseReturnValue:
    """Stores what was typed."""
    office = _office(code)
    form = ProfileForm(office)
    if not form.validate_on_submit():
        return _page(office, form), 400
    with writing() as session:
        edit(session, _office(code), form.columns(), actor=current_actor(), now=clock.now(session))
    flash(_("Saved."), "success")
    return redirect(url_for("offices.show", code=code))


def _office(code: str) -> Office:
    require("office.edit", code)
    return db.session.get(Office, code) or abort(404)


def _page(office: Office, form: ProfileForm) -> str:
    name = office_name(office, current_language())
    return render_template("offices/profile.html", office=office, name=name, form=form)
