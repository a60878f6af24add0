"""Who is taken just now: selects that tell the roster, which knows no offer, whom to spare.

Each is built once: a statement that holds one is kept as well, and known by it.
"""

from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from dispatch.models import Mission, Offer
from dispatch.rules import terms

# Written out, not bound: a prepared plan for any status would pass by the partial indexes.
OPEN: ColumnElement[str] = literal_column(f"'{terms.OPEN}'")
SEATED: tuple[ColumnElement[str], ...] = tuple(literal_column(f"'{word}'") for word in terms.ACTIVE)
# Missions that fill a slot, as the index says that leads from a request to its own.
FILLING: ColumnElement[bool] = Mission.status != literal_column(f"'{terms.WITHDRAWN}'")


@cache
def busy() -> Select[int]:
    """SELECT expert_id of the experts with a live offer."""
    return select(Offer.expert_id).where(Offer.status == OPEN)


@cache
def load() -> Select[int, int]:
    """SELECT expert_id, number of seats taken."""
    seated = Mission.status.in_(SEATED)
    return (
        select(Mission.expert_id, func.count().label("load"))
        .where(seated)
        .group_by(Mission.expert_id)
    )


@cache
def last_offered() -> Select[int, datetime]:
    """SELECT expert_id, moment (UTC) of each offer, of which the roster takes the latest.

    Not grouped: SQLite would group all offers ever made before it looks for those of a few.
    """
    return select(Offer.expert_id, Offer.created_at)
