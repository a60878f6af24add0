"""Doors for people without an account: whoever has a signed link reads in their own language.

Knows links and addresses; what lies behind a door is its room's.
"""

from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import links
from core.db import Base, db
from core.i18n import LANGUAGES, nearest_language

Row = TypeVar("Row", bound=Base)


def row_behind(model: type[Row], purpose: str, token: str) -> Row:
    """The row of `model` whose public id `token` stands for; 404 when it was not made by us."""
    public_id = links.read(purpose, token)
    if public_id is None:
        abort(404)
    columns: Any = model
    query = select(model).where(columns.public_id == public_id)
    return db.session.scalars(query).unique().one_or_none() or abort(404)


def language_at_door(usual: str) -> str:
    """One of the six: what the reader chose by `?lang=`, else that nearest to their `usual` one."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else nearest_language(usual)


def back_to_door(endpoint: str, token: str, **more: Any) -> Response:
    """After a POST: the page behind the same link, in the language that was chosen."""
    lang = request.args.get("lang")
    return redirect(url_for(endpoint, token=token, lang=lang, **more), 303)
