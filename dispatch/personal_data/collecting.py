"""What dispatch keeps of one person, for the download of their data (roster.trust.download)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Attempt, InboundMessage, Mission, Offer
from roster.models import Expert
from roster.trust.download import plain_row

LEFT_OUT = frozenset({
    "id", "expert_id", "offer_id", "request_id", "chosen_by", "handled_by", "provider_sid", "sid",
})  # fmt: skip


def collect_of_expert(session: Session, expert: Expert) -> dict[str, Any]:
    """Offers, missions, and the messages to and from `expert`; of a crisis, its number only."""
    tables: dict[str, Any] = {
        "offers": Offer, "missions": Mission, "messages_to_you": Attempt,
        "messages_from_you": InboundMessage,
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, table in tables.items():
        query = select(table).where(table.expert_id == expert.id).order_by(table.id)
        found[name] = [_row(row) for row in session.scalars(query).unique()]
    return found


def _row(row: Any) -> dict[str, Any]:
    values = plain_row(row, LEFT_OUT)
    if isinstance(row, Offer | Mission):
        values["request"] = row.request.number
    return values
