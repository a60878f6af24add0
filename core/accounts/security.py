"""Sets Flask-Security up: sign-in, sign-out, new passwords; everything else of it is off.

Its views read before they write. Those that write run inside `writing()` as a whole, so that
SQLite never turns a reader into a writer.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_security import Security, SQLAlchemyUserDatastore, password_changed, password_reset

from core import access, audit, clock
from core.accounts import cookies, invitations, people, sign_in, throttle
from core.accounts.mails import Mails, render
from core.accounts.models import Role, User
from core.accounts.passwords import MIN_LENGTH, Passwords
from core.accounts.tokens import bearer
from core.accounts.wording import configuration
from core.db import db, writing

RESET_HOURS = 4
OPEN = ("security.login", "security.logout", "security.forgot_password", "security.reset_password")
WRITING = ("security.reset_password", "security.change_password")


def init_app(app: Flask) -> None:
    """Signing in to `app`, and who is asking: a session on pages, a bearer token under /api/."""
    app.config.update(configuration())
    app.config.update(_choices(app))
    cookies.init_app(app)
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, User, Role),
        mail_util_cls=Mails,
        password_util_cls=Passwords,
        render_template=render,
        login_form=sign_in.SignInForm,
        forgot_password_form=sign_in.AskForResetForm,
        reset_password_form=sign_in.NewPasswordForm,
        change_password_form=sign_in.OtherPasswordForm,
    )
    security.want_json(lambda _request: False)
    # Flask-Principal would load the account for every picture; nothing of ours asks it.
    security.principal.identity_loaders.clear()
    _load_accounts(security)
    password_reset.connect(note_reset, app)
    password_changed.connect(note_change, app)
    _declare(app)


def _choices(app: Flask) -> dict[str, Any]:
    """What we want of Flask-Security, where its own choice is another."""
    return dict(  # noqa: C408  so many names read better without quotation marks
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  its name, not a password
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        # argon2id as OWASP's password storage cheat sheet has it: 46 MiB, once over, one lane.
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": 47104,
            "argon2__time_cost": 1,
            "argon2__parallelism": 1,
        },
        SECURITY_PASSWORD_LENGTH_MIN=MIN_LENGTH,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=RESET_HOURS),
        SECURITY_CHANGE_URL="/account/password",
        SECURITY_POST_CHANGE_VIEW="/account/",
        SECURITY_FRESHNESS=timedelta(seconds=-1),
        SECURITY_EMAIL_HTML=False,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"email": {"mapper": Mails(app).normalize, "case_insensitive": False}}
        ],
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CACHE_CONTROL=None,  # its header is not valid, and core.web sets ours
        SECURITY_JOIN_USER_ROLES=False,  # the model loads them itself
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_I18N_DOMAIN="messages",
        SECURITY_I18N_DIRNAME=[str(Path(app.root_path) / "core" / "translations")],
    )


def note_reset(_app: Flask, user: User, **_extra: Any) -> None:
    """A password set after a mail: the address is theirs, and their failures are forgotten."""
    session = db.session()
    now = clock.now(session)
    people.end_sessions(user)
    invitations.confirm(session, user, now)
    throttle.forget_tries(session, sign_in.sign_in_key(user.email))
    subject = f"account:{user.public_id}"
    audit.record(
        session, actor=user.public_id, action="account.password_reset", subject=subject, now=now
    )


def note_change(_app: Flask, user: User, **_extra: Any) -> None:
    """A password changed by somebody who knew the one before."""
    session = db.session()
    now, subject = clock.now(session), f"account:{user.public_id}"
    audit.record(
        session, actor=user.public_id, action="account.password_changed", subject=subject, now=now
    )


def _load_accounts(security: Security) -> None:
    load: Callable[[str], User | None] = security.login_manager._user_callback

    def from_session(identity: str) -> User | None:
        # The API takes no cookie: that is what makes it safe without CSRF tokens.
        user = None if request.path.startswith(access.API) else load(identity)
        return user if user and cookies.admits(user) else None

    security.login_manager.user_loader(from_session)
    security.login_manager.request_loader(bearer)


def _declare(app: Flask) -> None:
    for endpoint in OPEN:
        access.declare(app, endpoint)
    access.declare(app, "security.change_password", "account")
    app.view_functions["security.login"] = _by_way_of_the_code(app.view_functions["security.login"])
    for endpoint in WRITING:
        app.view_functions[endpoint] = _in_writing(app.view_functions[endpoint])


def _by_way_of_the_code(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def signing_in(**arguments: Any) -> Any:
        answer = view(**arguments)
        is_let_in = request.method == "POST" and getattr(answer, "status_code", 200) == 302
        return cookies.lead_on(answer.location) if is_let_in else answer

    return signing_in


def _in_writing(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def changing(**arguments: Any) -> Any:
        if request.method != "POST":
            return view(**arguments)
        with writing():
            return view(**arguments)

    return changing
