"""The page on which people see where they are signed in, and end what they do not know."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from core import clock
from core.access import current_actor, may
from core.accounts import sessions
from core.accounts.cookies import present
from core.accounts.forms import ActionForm
from core.accounts.models import OpenSession, User
from core.db import db, writing

bp = Blueprint("sessions", __name__, url_prefix="/account/sessions")


@bp.get("")
@may("account")
def list_sessions() -> ResponseReturnValue:
    """Each device on which one is signed in."""
    rows = sessions.of_user(db.session(), _me(), clock.now())
    return render_template(
        "accounts/sessions.html", rows=rows, here=present(), form=ActionForm(), ways=way_names()
    )


@bp.post("/<public_id>/end")
@may("account")
def end(public_id: str) -> ResponseReturnValue:
    """Signs out on one device; only ever one's own."""
    with writing() as database:
        me = _me()
        mine = (OpenSession.public_id == public_id, OpenSession.user_id == me.id)
        row = database.scalar(select(OpenSession).where(*mine))
        if row is None:
            abort(404)
        sessions.end(database, row, me, actor=current_actor(), now=clock.now(database))
    flash(_("You are signed out on that device."), "success")
    return redirect(url_for("sessions.list_sessions"))


@bp.post("/end-others")
@may("account")
def end_others() -> ResponseReturnValue:
    """Signs out everywhere but here."""
    with writing() as database:
        now, actor = clock.now(database), current_actor()
        sessions.end_all(database, _me(), actor=actor, now=now, but=present())
    flash(_("You are signed out on all other devices."), "success")
    return redirect(url_for("sessions.list_sessions"))


def way_names() -> dict[str, str]:
    """How a session began, in the reader's words."""
    return {
        "password": _("Password"),
        "invitation": _("Invitation"),
        "change": _("New password"),
    }


def _me() -> User:
    user: User = current_user._get_current_object()
    return user
