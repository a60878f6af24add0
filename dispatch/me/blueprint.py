"""The blueprint of the expert's own page, and whose page it is. No page is drawn here."""

from flask import Blueprint, abort, redirect, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db import db
from roster.models import Expert

bp = Blueprint("me", __name__, url_prefix="/me")


def find_own() -> Expert | None:
    """The expert whose account is signed in; None for an account without an entry."""
    return db.session.scalar(select(Expert).where(Expert.user_id == current_user.id))


def own_expert() -> Expert:
    """The same; whoever has no entry is led to the page that says what to do."""
    expert = find_own()
    if expert is None:
        abort(back_to("me.show_overview"))
    return expert


def back_to(endpoint: str) -> Response:
    """Shows that page again, after a change."""
    return redirect(url_for(endpoint), 303)
