"""When a session begins and ends: renewed at sign-in, out after idling or half a day.

A session lives in a signed cookie, so its times stand in it, and ending it means changing the
account's `fs_uniquifier`: then copies of the cookie are worthless, too.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, flash, g, request, session
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import user_authenticated

from core import audit, clock
from core.accounts.models import User
from core.accounts.people import end_sessions
from core.db import writing

IDLE = timedelta(hours=4)
ABSOLUTE = timedelta(hours=12)
NOTED_EACH_S = 60  # the cookie is not written anew more often than this
SINCE, SEEN = "since", "seen"
KEPT = ("lang",)
UNCOUNTED = ("static", "health.healthz")  # these ask the database nothing


def init_app(app: Flask) -> None:
    """Watches the age of every session of `app`; before access is checked."""
    app.before_request(end_stale_session)
    user_authenticated.connect(begin_session, app)
    user_logged_out.connect(end_session, app)


def end_stale_session() -> None:
    """Signs out whoever did nothing for four hours, or signed in twelve hours ago.

    A page that renews itself is not somebody doing something.
    """
    if "_user_id" not in session or request.endpoint in UNCOUNTED:
        return
    now = int(clock.now().timestamp())
    idle, age = now - session.get(SEEN, 0), now - session.get(SINCE, 0)
    if idle > IDLE.total_seconds() or age > ABSOLUTE.total_seconds():
        _start_anew()
        flash(_("You were signed out because you were away for a long time."), "info")
    elif idle > NOTED_EACH_S and "HX-Request" not in request.headers:
        session[SEEN] = now


def begin_session(_sender: object, user: User, **_extra: Any) -> None:
    """Notes the times, forgets the CSRF token from before, and speaks the account's language."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    session[SINCE] = session[SEEN] = int(clock.now().timestamp())
    session["lang"] = user.language


def end_session(_sender: object, user: User, **_extra: Any) -> None:
    """After signing out no copy of the cookie works any more, on any device."""
    if not user.is_authenticated:
        return
    with writing() as database:
        end_sessions(user)
        audit.record(
            database, actor=user.public_id, action="account.signed_out",
            subject=f"account:{user.public_id}", now=clock.now(database),
        )  # fmt: skip


def _start_anew() -> None:
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    g.pop("_login_user", None)
