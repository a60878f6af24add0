"""Who saw or took away whose data: a page says `saw`, and when its answer is ready it is written.

In a transaction of its own, so that looking at a page changes nothing that the page is about.
"""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from flask import Flask, Response, g
from flask_login import current_user
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core import clock
from core.db import db, writing
from roster.models import Sighting

# What a look was: a page, a file that was handed in, a list, the API, one's own data taken along.
PAGE, PAPER, EXPORT, API, DOWNLOAD = "page", "paper", "export", "api", "download"
KINDS = (PAGE, PAPER, EXPORT, API, DOWNLOAD)
AGAIN = timedelta(hours=1)
Look = tuple[int | None, str]
log = logging.getLogger(__name__)


class Somebody(Protocol):
    """An expert, or what was read of one."""

    @property
    def id(self) -> int:
        """Their row."""

    @property
    def user_id(self) -> int | None:
        """Their account, if they have one."""


def saw(expert: Somebody | None, what: str) -> None:
    """The present visitor sees the data of `expert` in this answer; None: those of everybody.

    `what` is one of KINDS (ValueError otherwise). The same look is noted once an hour; an answer
    that refuses shows nothing, and a page about oneself is no news.
    """
    if what not in KINDS:
        raise ValueError(f"{what} is no way of seeing somebody's data")
    if expert is not None and what == PAGE and expert.user_id == _visitor():
        return
    looks: set[Look] = g.setdefault("sightings", set())
    looks.add((expert.id if expert is not None else None, what))


def init_app(app: Flask) -> None:
    """Writes what was seen at the end of every request to `app`."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    looks: set[Look] = g.pop("sightings", set())
    if looks and response.status_code < 400:
        try:
            keep(looks, _visitor())
        except (OperationalError, InterfaceError) as fault:
            # In a crisis the page is worth more than the note that somebody has seen it.
            log.warning("a sighting was not noted", extra={"fault": type(fault).__name__})
    return response


def keep(looks: set[Look], user_id: int | None) -> None:
    """Writes those of `looks` that this account did not have within the last hour."""
    if looks <= _known(db.session(), looks, user_id, clock.now() - AGAIN):
        return
    with writing() as session:
        now = clock.now(session)
        fresh = looks - _known(session, looks, user_id, now - AGAIN)
        session.add_all(
            Sighting(expert_id=expert_id, user_id=user_id, what=what, at=now)
            for expert_id, what in sorted(fresh, key=str)
        )


def _known(session: Session, looks: set[Look], user_id: int | None, since: datetime) -> set[Look]:
    seen = [expert_id for expert_id, _ in looks if expert_id is not None]
    rows = session.execute(
        select(Sighting.expert_id, Sighting.what).where(
            and_(Sighting.at > since, Sighting.user_id.is_not_distinct_from(user_id)),
            or_(Sighting.expert_id.in_(seen), Sighting.expert_id.is_(None)),
        )
    )
    return {(row.expert_id, row.what) for row in rows}


def _visitor() -> int | None:
    return current_user.id if current_user.is_authenticated else None
