"""Changes of state: only where the table of moves allows it, and always with their audit row.

Locks nothing and decides nothing; whoever calls holds the request's row.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Update, bindparam, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core import audit
from core.db import Base
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.news import note_free
from dispatch.rules import lifecycle, terms
from dispatch.rules.escalation import ENDED

NOTHING: Mapping[str, Any] = MappingProxyType({})


def put(session: Session, row: Base, **values: Any) -> None:
    """Writes `values` to `row`, in the database at once and in the object: a seventh of a flush.

    Whoever goes back to a savepoint must expire the objects (`session.expire_all`).
    """
    if inspect(row).pending:
        for name, value in values.items():
            setattr(row, name, value)
        return
    (key,) = inspect(row).identity or ()
    session.connection().execute(_update(type(row), tuple(values)), {"of": key, **values})
    for name, value in values.items():
        set_committed_value(row, name, value)


def move_request(
    session: Session,
    request: CrisisRequest,
    new: str,
    *,
    actor: str,
    now: datetime,
    along: Mapping[str, Any] = NOTHING,
    **why: Any,
) -> None:
    """Makes `request` `new`; what goes `along` is written with it. Raises
    lifecycle.MoveNotAllowedError."""
    lifecycle.check(lifecycle.REQUEST, request.status, new)
    old, end = request.status, now if new in ENDED else request.ended_at
    put(session, request, status=new, ended_at=end, **along)
    audit.record(
        session, actor=actor, action=f"request.{new}", subject=f"request:{request.ref}", now=now,
        was=old, **why,
    )  # fmt: skip


def begin_search(session: Session, request: CrisisRequest, *, actor: str, now: datetime) -> None:
    """A new search begins: steps that earlier ones have done are to be done again, in their time.

    Raises lifecycle.MoveNotAllowedError.
    """
    move_request(session, request, terms.SEARCHING, actor=actor, now=now)
    put(session, request, search=request.search + 1, search_started_at=now)


def move_offer(
    session: Session,
    offer: Offer,
    new: str,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    is_answer: bool = False,
) -> None:
    """Ends `offer` as `new`, because of `reason`; `is_answer`: the expert's own.

    Raises lifecycle.MoveNotAllowedError.
    """
    lifecycle.check(lifecycle.OFFER, offer.status, new)
    put(
        session, offer, status=new, ended_at=now, end_reason=reason[:200],
        answered_at=now if is_answer else offer.answered_at,
    )  # fmt: skip
    if new != terms.ACCEPTED or offer.expert.max_missions > 1:  # who said yes may have room left
        note_free(session, offer.expert_id, now)
    audit.record(
        session, actor=actor, action=f"offer.{new}", subject=f"offer:{offer.public_id}", now=now,
        request=offer.request.ref, expert=offer.expert.public_id, reason=reason,
    )  # fmt: skip


def move_mission(
    session: Session, mission: Mission, new: str, *, actor: str, now: datetime, reason: str = ""
) -> None:
    """Makes `mission` `new`. Raises lifecycle.MoveNotAllowedError."""
    lifecycle.check(lifecycle.MISSION, mission.status, new)
    over = new in {terms.DONE, terms.WITHDRAWN}
    put(session, mission, status=new, ended_at=now if over else mission.ended_at)
    audit.record(
        session, actor=actor, action=f"mission.{new}", subject=f"mission:{mission.public_id}",
        now=now, request=mission.request.ref, expert=mission.expert.public_id, reason=reason,
    )  # fmt: skip


@cache
def _update(kind: type[Base], names: tuple[str, ...]) -> Update:
    (key,) = kind.__table__.primary_key
    return update(kind).where(key == bindparam("of")).values({n: bindparam(n) for n in names})
