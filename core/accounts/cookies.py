"""The session of a request: found by its cookie, begun at sign-in, refused when it is over.

Whoever owes the code of the second step is nobody to every page: not one of them can forget to ask.
"""

from datetime import datetime
from typing import Any

from flask import Flask, flash, g, redirect, request, session
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import user_authenticated
from sqlalchemy import update
from werkzeug.wrappers import Response

from core import access, audit, clock
from core.access import AFTER, CODE_PAGE
from core.accounts import sessions
from core.accounts.devices import device_of
from core.accounts.models import OpenSession, User
from core.accounts.sessions import is_over, owes_code
from core.db import db, writing
from core.i18n import USUAL, remember_language, speak, spoken

NOTED_EACH_S = 120  # how exactly it is known when somebody was last there
SECRET, USER = "sid", "_user_id"
UNCOUNTED = ("static", "health.healthz")  # these ask the database nothing


def init_app(app: Flask) -> None:
    """Watches the session of every request of `app`; before access is checked."""
    app.before_request(end_stale_session)
    user_authenticated.connect(begin_session, app)
    user_logged_out.connect(end_session, app)


def present() -> OpenSession | None:
    """The row of this request's session, whether or not it is over; None when there is none."""
    if "open_session" not in g:
        secret = session.get(SECRET)
        g.open_session = sessions.find(db.session(), str(secret)) if secret else None
    found: OpenSession | None = g.open_session
    return found


def admits(user: User) -> bool:
    """Whether the cookie's session is one of `user`, still good, and with nothing owed."""
    row = present()
    if row is None or row.user_id != user.id:
        return False
    return not owes_code(row, user) and not is_over(row, user, clock.now())


def halfway() -> User | None:
    """Whose password was right in this session while their code is still owed."""
    row = present()
    user = db.session.get(User, row.user_id) if row else None
    if row is None or user is None or not user.active or not owes_code(row, user):
        return None
    if is_over(row, user, clock.now()) or user.fs_uniquifier != session.get(USER):
        return None
    return user


def end_stale_session() -> None:
    """Signs out whoever did nothing, or was signed in, for too long; notes who is still there.

    A page that renews itself is not somebody doing something.
    """
    uncounted = request.endpoint in UNCOUNTED or request.path.startswith(access.API)
    if USER not in session or uncounted:
        return
    row = present()
    user = db.session.get(User, row.user_id) if row else None
    if row is None or user is None:
        _start_anew()
        flash(_("You were signed out."), "info")
        return
    now = clock.now()
    if is_over(row, user, now):
        with writing() as database:
            database.delete(row)
        _start_anew()
        flash(_("You were signed out because you were away for a long time."), "info")
    elif (now - row.seen_at).total_seconds() > NOTED_EACH_S and "HX-Request" not in request.headers:
        with writing() as database:
            seen = update(OpenSession).where(OpenSession.id == row.id).values(seen_at=now)
            database.execute(seen)


def begin_session(
    _sender: object, user: User, authn_via: list[str] | None = None, **_extra: Any
) -> None:
    """A new row and a new secret, whatever the cookie held; the account's language is spoken,
    unless another has just been chosen.

    A new password keeps what was proved, and ends all other sessions (ASVS 5.0, 7.4.3).
    """
    before, way = present(), (authn_via or ["password"])[0]
    with writing() as database:
        now, proved_at = clock.now(database), None
        if way == "change":
            proved_at = before.proved_at if before and before.user_id == user.id else None
            sessions.end_all(database, user, actor=user.public_id, now=now)
        elif before is not None:
            database.delete(before)
        device = device_of(request.user_agent.string)
        secret = sessions.begin(database, user, now, way=way, device=device, proved_at=proved_at)
    _remember(secret)
    session.pop(AFTER, None)
    session[USUAL] = user.language


def pass_second_step(row: OpenSession, now: datetime) -> None:
    """The code was right: the session counts from now on, under a new secret (ASVS 5.0, 7.2.4)."""
    _remember(sessions.prove(row, now))
    g.pop("_login_user", None)  # whoever was nobody so far is known to the rest of this request


def end_session(_sender: object, user: User, **_extra: Any) -> None:
    """After signing out no copy of the cookie works any more."""
    row = present()
    if not user.is_authenticated or row is None:
        return
    with writing() as database:
        database.delete(row)
        audit.record(
            database, actor=user.public_id, action="account.signed_out",
            subject=f"account:{user.public_id}", now=clock.now(database),
        )  # fmt: skip
    _start_anew()


def lead_on(location: str) -> Response:
    """After the password: to `location`, by way of the code where one is owed."""
    if halfway() is None:
        return redirect(location)
    session[AFTER] = location
    return redirect(CODE_PAGE)


def _remember(secret: str) -> None:
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    g.pop("open_session", None)
    session[SECRET] = secret


def _start_anew() -> None:
    language = spoken()
    session.clear()
    if language:
        speak(language)  # no choice any more: whoever signs in next reads their own
    remember_language()  # but what is being chosen this very moment
    g.pop("_login_user", None)
    g.open_session = None
