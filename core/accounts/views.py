"""Pages about one's own account: the invitation under which it begins, and what one may change."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user

from core import audit, clock
from core.access import current_actor, may, open_to_all
from core.accounts.cookies import lead_on
from core.accounts.forms import InvitationForm, OwnForm
from core.accounts.invitations import accept, invited
from core.accounts.models import User
from core.accounts.people import phone_of
from core.db import db, writing
from core.i18n import speak

bp = Blueprint("accounts", __name__)


@bp.get("/invitation/<token>")
@open_to_all
def invitation(token: str) -> ResponseReturnValue:
    """Shows the form for the first password; opening the link changes nothing."""
    user = _invited(token)
    return render_template("accounts/invitation.html", form=InvitationForm(user), user=user)


@bp.post("/invitation/<token>")
@open_to_all
def accept_invitation(token: str) -> ResponseReturnValue:
    """Sets the password and signs in; the link is then used up."""
    user = _invited(token)
    form = InvitationForm(user)
    if not form.validate_on_submit():
        return render_template("accounts/invitation.html", form=form, user=user), 400
    with writing() as database:
        user = _invited(token)
        accept(database, user, form.password.data or "", clock.now(database))
    login_user(user, authn_via=["invitation"])
    flash(_("Welcome. Your account is ready."), "success")
    return lead_on(url_for("pages.home"))


@bp.get("/account/")
@may("account")
def account() -> ResponseReturnValue:
    """One's own name, phone and language."""
    return render_template("accounts/account.html", form=OwnForm(obj=current_user))


@bp.post("/account/")
@may("account")
def change_account() -> ResponseReturnValue:
    """Stores what one changed of one's own account."""
    form = OwnForm()
    if not form.validate_on_submit():
        return render_template("accounts/account.html", form=form), 400
    with writing() as database:
        user: User = current_user._get_current_object()
        user.name, user.language = (form.name.data or "").strip(), form.language.data
        user.phone = phone_of(form.phone.data or "")
        audit.record(
            database, actor=current_actor(), action="account.own_changed",
            subject=f"account:{user.public_id}", now=clock.now(database),
        )  # fmt: skip
        speak(user.language)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.account"))


def _invited(token: str) -> User:
    user = invited(db.session(), token)
    if user is None:
        abort(410, description=_("This invitation was used already, or is older than a week."))
    return user
