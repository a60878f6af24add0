"""The pages between the password and the work: the code, and setting up the app that shows it."""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from core import clock
from core.access import AFTER, may, open_to_all
from core.accounts import codes, recovery, second_factor, sessions, setting_up
from core.accounts.cookies import halfway, pass_second_step, present
from core.accounts.forms import CodeForm
from core.accounts.models import User
from core.accounts.second_factor import SecondStepError
from core.db import db, writing

bp = Blueprint("second_step", __name__)
NEW_SECRET, MAY_REPLACE = "new_secret", "may_replace"
FRESH = timedelta(minutes=15)  # how long ago the password or a code may be for another app


@bp.get("/sign-in/code")
@open_to_all
def ask_code() -> ResponseReturnValue:
    """Asks whoever knew the password for the code; those without an app set one up first."""
    user = halfway()
    if user is None:
        return _no_need()
    if second_factor.of(db.session(), user) is None:
        return redirect(url_for("second_step.show_app"))
    return render_template("accounts/code.html", form=CodeForm())


@bp.post("/sign-in/code")
@open_to_all
def take_code() -> ResponseReturnValue:
    """Signs in with a right code, and leads where they wanted to go."""
    user, form = halfway(), CodeForm()
    if user is None:
        return _no_need()
    if form.validate_on_submit():
        try:
            second_factor.take(user, form.code.data or "")
        except SecondStepError as error:
            form.say(error)
        else:
            return _let_in(user, is_code=codes.is_code(form.code.data or ""))
    return render_template("accounts/code.html", form=form), 400


@bp.get("/sign-in/app")
@open_to_all
def show_app() -> ResponseReturnValue:
    """The picture for the app, and a field for the first code that it shows."""
    user = _who_sets_up()
    if user is None:
        return _no_need()
    return _app_page(user, CodeForm())


@bp.post("/sign-in/app")
@open_to_all
def set_up_app() -> ResponseReturnValue:
    """Takes the first code, and shows the recovery codes: now and never again."""
    user, form, secret = _who_sets_up(), CodeForm(), str(session.get(NEW_SECRET, ""))
    if user is None:
        return _no_need()
    if not secret or not form.validate_on_submit():
        return _app_page(user, form), 400
    step = codes.step_of(secret, form.code.data or "", clock.now())
    if step is None:
        form.say(_("This code is not right. Is the phone's clock right? Wait for the next code."))
        return _app_page(user, form), 400
    sheet = recovery.new_sheet()
    with writing() as database:
        now = clock.now(database)
        setting_up.set_up(database, user, secret, step=step, sheet=sheet, now=now)
        row = present()
        sessions.end_all(database, user, actor=user.public_id, now=now, but=row)
        if row is not None:
            pass_second_step(row, now)
    for used in (NEW_SECRET, MAY_REPLACE):
        session.pop(used, None)
    after = session.pop(AFTER, url_for("second_step.show"))
    return render_template("accounts/recovery_codes.html", codes=sheet.codes, after=after)


@bp.get("/account/second-step")
@may("account")
def show() -> ResponseReturnValue:
    """Whether an app is set up, and how many recovery codes are left."""
    return _own_page(CodeForm())


@bp.post("/account/second-step/<any(renew, replace):verb>")
@may("account")
def change(verb: str) -> ResponseReturnValue:
    """New recovery codes, or another app: each for one more code (ASVS 5.0, 7.5.1)."""
    user, form = _me(), CodeForm()
    if not form.validate_on_submit():
        return _own_page(form), 400
    try:
        second_factor.take(user, form.code.data or "")
        if verb == "replace":
            session[MAY_REPLACE] = int(clock.now().timestamp())
            return redirect(url_for("second_step.show_app"))
        sheet = recovery.new_sheet()
        with writing() as database:
            setting_up.renew(database, user, sheet, clock.now(database))
    except SecondStepError as error:
        form.say(error)
        return _own_page(form), 400
    after = url_for("second_step.show")
    return render_template("accounts/recovery_codes.html", codes=sheet.codes, after=after)


def _no_need() -> Response:
    session.pop(AFTER, None)
    signed_in = current_user.is_authenticated
    return redirect(url_for("second_step.show" if signed_in else "security.login"))


def _me() -> User:
    user: User = current_user._get_current_object()
    return user


def _who_sets_up() -> User | None:
    """Whoever owes a code and has no app; or, signed in, has just said a password or a code."""
    user = halfway()
    if user is not None:
        return user if second_factor.of(db.session(), user) is None else None
    row = present()
    if row is None or not current_user.is_authenticated:
        return None
    now = clock.now()
    if second_factor.of(db.session(), _me()) is None:
        return _me() if now - row.created_at < FRESH else None
    allowed_at = datetime.fromtimestamp(session.get(MAY_REPLACE, 0), now.tzinfo)
    return _me() if now - allowed_at < FRESH else None


def _app_page(user: User, form: CodeForm) -> str:
    # The same secret when the page is loaded again: the app may have it already.
    secret = session.setdefault(NEW_SECRET, codes.new_secret())
    width, path = codes.picture_of(codes.address_of(secret, user.email))
    return render_template(
        "accounts/app.html", form=form, width=width, path=path, spelled=codes.spelled(secret)
    )


def _let_in(user: User, *, is_code: bool) -> Response:
    row = present()
    with writing() as database:
        if row is not None:
            pass_second_step(row, clock.now(database))
    if not is_code:
        left = recovery.left(db.session(), user.id)
        flash(_("You have used a recovery code. Codes left: %(left)s.", left=left), "info")
        session.pop(AFTER, None)
        return redirect(url_for("second_step.show"))
    return redirect(session.pop(AFTER, url_for("pages.home")))


def _own_page(form: CodeForm) -> str:
    database, row = db.session(), present()
    return render_template(
        "accounts/second_step.html",
        form=form,
        factor=second_factor.of(database, _me()),
        left=recovery.left(database, _me().id),
        must=second_factor.must(_me()),
        fresh=row is not None and clock.now() - row.created_at < FRESH,
    )
