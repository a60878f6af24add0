"""Nobody works on their own entry, case or papers: HR's pages about oneself are closed.

What is known of them, people see on their own page; comments and references they never see. The
verbs refuse it, too: this is the door in front of them.
"""

from typing import Any

from flask import Flask, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, and_, or_, select

from core.db import db
from roster.models import Expert, Paper, VettingCase

# Which expert the public id in an address of these rooms stands for.
OF_ENTRY = select(Expert.id)
OF_CASE = OF_ENTRY.join(VettingCase, VettingCase.expert_id == Expert.id)
OF_PAPER = OF_ENTRY.join(Paper, Paper.expert_id == Expert.id)
ROOMS: dict[str, tuple[Select[Any], Any]] = {
    "roster": (OF_ENTRY, Expert.public_id),
    "standing": (OF_ENTRY, Expert.public_id),
    "trust": (OF_ENTRY, Expert.public_id),
    "vetting": (OF_CASE, VettingCase.public_id),
    "casework": (OF_CASE, VettingCase.public_id),
    "papers": (OF_PAPER, Paper.public_id),
}


def init_app(app: Flask) -> None:
    """Watches these rooms; after access was checked."""
    app.before_request(refuse_oneself)


def refuse_oneself() -> None:
    """Ends the request with 403 when it is about whoever asks."""
    public_id = (request.view_args or {}).get("public_id")
    room = ROOMS.get(request.blueprint or "")
    if room is None or public_id is None or not current_user.is_authenticated:
        return
    query, named = room
    mine = or_(
        Expert.user_id == current_user.id,
        Expert.email == current_user.email,
        and_(Expert.phone == (current_user.phone or ""), Expert.phone != ""),
    )
    if db.session.scalar(query.where(named == str(public_id), mine).limit(1)) is not None:
        abort(403, description=_("This is about you: somebody else has to look after it."))
