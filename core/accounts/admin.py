"""The administrator's pages about accounts: list, invite, change, disable, revoke tokens."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import clock
from core.access import current_actor, may
from core.accounts import people, second_factor, sessions
from core.accounts.forms import AccountForm, ActionForm, NewAccountForm, ResetForm, role_names
from core.accounts.invitations import invite
from core.accounts.models import ROLES, ApiToken, Role, User
from core.accounts.people import AccountError
from core.accounts.second_factor import SecondStepError
from core.accounts.setting_up import reset
from core.accounts.tokens import create_token, revoke_token
from core.db import db, writing

bp = Blueprint("admin", __name__, url_prefix="/admin/users")
PAGE = 50


@bp.get("/")
@may("admin.see")
def list_users() -> ResponseReturnValue:
    """All accounts, fifty a page, by name or address and by role."""
    words, role = request.args.get("q", "").strip(), request.args.get("role", "")
    chosen = select(User).order_by(User.email)
    if words:
        found = (
            User.name.icontains(words, autoescape=True),
            User.email.icontains(words, autoescape=True),
        )
        chosen = chosen.where(or_(*found))
    if role in ROLES:
        chosen = chosen.where(User.roles.any(Role.name == role))
    page = db.paginate(chosen, per_page=PAGE, max_per_page=PAGE)
    return render_template(
        "admin/accounts.html", page=page, words=words, role=role, roles=role_names()
    )


@bp.get("/new")
@may("admin.edit")
def new_user() -> ResponseReturnValue:
    """The form for an account that does not exist yet."""
    return render_template("admin/new_account.html", form=NewAccountForm())


@bp.post("/new")
@may("admin.edit")
def make_user() -> ResponseReturnValue:
    """Makes the account and mails the invitation."""
    form = NewAccountForm()
    if form.validate_on_submit() and (made := _make(form)):
        flash(_("The invitation is on its way."), "success")
        return redirect(url_for("admin.show_user", public_id=made))
    return render_template("admin/new_account.html", form=form), 400


@bp.get("/<public_id>")
@may("admin.see")
def show_user(public_id: str) -> ResponseReturnValue:
    """One account, its roles and its tokens."""
    return _shown(_user(db.session(), public_id))


@bp.post("/<public_id>")
@may("admin.edit")
def change_user(public_id: str) -> ResponseReturnValue:
    """Stores name, phone, office and roles."""
    user, form = _user(db.session(), public_id), AccountForm()
    if not form.validate_on_submit():
        return _shown(user, form=form), 400
    try:
        with writing() as session:
            user = _user(session, public_id)
            now = clock.now(session)
            people.change(session, user, form.details(user.email), actor=current_actor(), now=now)
    except AccountError as error:
        form.form_errors.append(str(error))
        return _shown(_user(db.session(), public_id), form=form), 400
    flash(_("Saved."), "success")
    return redirect(url_for("admin.show_user", public_id=public_id))


@bp.post("/<public_id>/<any(disable, enable, invite, token, sign_out):verb>")
@may("admin.edit")
def act_on_user(public_id: str, verb: str) -> ResponseReturnValue:
    """Disables or enables an account, invites again, makes an API token, or ends all sessions."""
    shown_once = ""
    try:
        with writing() as session:
            user = _user(session, public_id)
            said: dict[str, Any] = {"actor": current_actor(), "now": clock.now(session)}
            if verb == "disable":
                people.disable(session, user, **said)
            elif verb == "enable":
                people.enable(session, user, **said)
            elif verb == "token":
                shown_once = create_token(session, user, **said)
            elif verb == "sign_out":
                sessions.end_all(session, user, **said)
            elif user.confirmed_at is None:
                invite(session, user, **said)
    except AccountError as error:
        flash(str(error), "error")
    if shown_once:
        return render_template("admin/new_token.html", token=shown_once, public_id=public_id)
    return redirect(url_for("admin.show_user", public_id=public_id))


@bp.post("/<public_id>/second-step/reset")
@may("admin.edit")
def reset_second_step(public_id: str) -> ResponseReturnValue:
    """After somebody has lost their phone and their codes: with a reason, and two mails."""
    form = ResetForm()
    if not form.validate_on_submit():
        return _shown(_user(db.session(), public_id), asked=form), 400
    try:
        with writing() as session:
            user, by = _user(session, public_id), current_user._get_current_object()
            said: dict[str, Any] = {"actor": current_actor(), "now": clock.now(session), "by": by}
            reset(session, user, form.reason.data or "", **said)
    except SecondStepError as error:
        form.say(error)
        return _shown(_user(db.session(), public_id), asked=form), 400
    flash(_("The second step is reset, and a mail tells them so."), "success")
    return redirect(url_for("admin.show_user", public_id=public_id))


@bp.post("/<public_id>/tokens/<int:number>/revoke")
@may("admin.edit")
def revoke_users_token(public_id: str, number: int) -> ResponseReturnValue:
    """Ends an API token."""
    with writing() as session:
        token = session.get(ApiToken, number)
        if token is None or token.user.public_id != public_id:
            abort(404)
        revoke_token(session, token, actor=current_actor(), now=clock.now(session))
    return redirect(url_for("admin.show_user", public_id=public_id))


def _user(session: Session, public_id: str) -> User:
    user = session.scalar(select(User).where(User.public_id == public_id))
    if user is None:
        abort(404)
    return user


def _make(form: NewAccountForm) -> str:
    try:
        with writing() as session:
            now, actor = clock.now(session), current_actor()
            user = people.create(session, form.details(form.email.data or ""), actor=actor, now=now)
            invite(session, user, now, actor)
            return user.public_id
    except AccountError as error:
        form.form_errors.append(str(error))
        return ""


def _shown(user: User, *, form: AccountForm | None = None, asked: ResetForm | None = None) -> str:
    database = db.session()
    tokens = select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())
    return render_template(
        "admin/account.html",
        user=user,
        form=form or _as_stored(user),
        reset=asked or ResetForm(formdata=None),
        tokens=database.scalars(tokens).all(),
        factor=second_factor.of(database, user),
        sessions=sessions.of_user(database, user, clock.now()),
        action=ActionForm(),
        names=role_names(),
    )


def _as_stored(user: User) -> AccountForm:
    return AccountForm(
        formdata=None,
        data={
            "name": user.name,
            "phone": user.phone,
            "language": user.language,
            "office": user.office_code,
            "roles": [role.name for role in user.roles],
        },
    )
