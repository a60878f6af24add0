"""Flask-Security's forms in our words and looks; signing in is limited across processes.

Passwords are compared before any write transaction begins, since that takes a while on purpose.
"""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.forms import EmailValidation, valid_user_email
from sqlalchemy.orm import Session
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from core import audit, clock
from core.accounts import throttle
from core.db import db, writing
from core.forms import SecretInput, TextInput

MOST_FAILURES, FAILURE_WINDOW_S = 10, 15 * 60
MOST_RESETS, RESET_WINDOW_S = 3, 60 * 60
DIFFERENT = _l("The two passwords are different.")
NEW_HINT = _l("At least 8 characters. Four words that do not belong together are a good password.")
# The hashing library refuses more than 4,096 with an exception of its own.
SHORT_ENOUGH = Length(max=1024, message=_l("Use fewer characters."))


def _password(label: str, said: str, *validators: Any, hint: str = "") -> PasswordField:
    """A password that browsers know as `said` (WHATWG's autocomplete names)."""
    return PasswordField(
        label,
        widget=SecretInput(),
        description=hint,
        render_kw={"autocomplete": said},
        validators=[InputRequired(_l("Enter a password.")), SHORT_ENOUGH, *validators],
    )


def new_password() -> PasswordField:
    """The first of two fields for a new password."""
    return _password(_l("New password"), "new-password", hint=NEW_HINT)


def repeated(first: str) -> PasswordField:
    """The second, which must equal the field called `first`."""
    return _password(_l("The new password again"), "new-password", EqualTo(first, DIFFERENT))


def _email(*validators: Any) -> EmailField:
    return EmailField(
        _l("E-mail address"),
        widget=TextInput("email"),
        render_kw={"autocomplete": "username", "spellcheck": "false"},
        validators=[InputRequired(_l("Enter your e-mail address.")), *validators],
    )


def sign_in_key(email: str) -> str:
    """Where failures are counted: per account and the place it was tried from."""
    place = throttle.place_of(request.remote_addr)
    return throttle.key_of("sign-in", email.strip().casefold(), place)


class SignInForm(LoginForm):
    """E-mail address and password; after ten failures from one place, a pause."""

    email = _email(EmailValidation())
    password = _password(_l("Password"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""
        del self.remember  # a session ends when it ends

    def validate(self, **kwargs: Any) -> bool:
        key = sign_in_key(self.email.data or "")
        if not _may_try(key):
            self.form_errors.append(
                _("Too many attempts. Wait 15 minutes, or set a new password by mail.")
            )
            return False
        good = bool(super().validate(**kwargs))
        if good:
            with writing() as session:
                throttle.forget_tries(session, key)
                _note_sign_in(session, self.user, clock.now(session))
        return good


def _may_try(key: str) -> bool:
    """Counts a try before the password is looked at, so that many at once are no more than few."""
    if throttle.tries(db.session(), key, clock.now(), FAILURE_WINDOW_S) >= MOST_FAILURES:
        return False
    with writing() as session:
        now = clock.now(session)
        return throttle.count_try(session, key, now, FAILURE_WINDOW_S) <= MOST_FAILURES


def _note_sign_in(session: Session, user: Any, now: datetime) -> None:
    actor, subject = str(user.public_id), f"account:{user.public_id}"
    audit.record(session, actor=actor, action="account.signed_in", subject=subject, now=now)


class AskForResetForm(ForgotPasswordForm):
    """Whom a mail with a link is sent to: at most three an hour, and nobody learns whether."""

    email = _email(EmailValidation(verify=True), valid_user_email)

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs) or self.user is None:
            return False
        key = throttle.key_of("reset", self.user.email)
        with writing() as session:
            sent = throttle.count_try(session, key, clock.now(session), RESET_WINDOW_S)
        if sent > MOST_RESETS:
            self.email.errors = [_("Too many attempts")]  # not shown: the page says the same always
            return False
        return True


class NewPasswordForm(ResetPasswordForm):
    """A new password, after a mail."""

    password = new_password()
    password_confirm = repeated("password")


class OtherPasswordForm(ChangePasswordForm):
    """A new password, for somebody who knows the present one."""

    password = _password(_l("Present password"), "current-password")
    new_password = new_password()
    new_password_confirm = repeated("new_password")
