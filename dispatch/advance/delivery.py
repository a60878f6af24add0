"""What the outbox tells: offers have reached a provider, or one cannot be delivered at all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from dispatch.advance.next import advance_held
from dispatch.case import hold
from dispatch.messages import OFFER
from dispatch.models import Attempt, Offer
from dispatch.rules import terms
from dispatch.rules.escalation import deadline_of
from dispatch.transitions import move_offer

FIRST = select(func.min(Attempt.sent_at)).where(
    Attempt.offer_id == Offer.id, Attempt.purpose == OFFER
)
OPEN = select(Offer.id, Offer.created_at, Offer.window_s, FIRST.scalar_subquery()).where(
    Offer.id.in_(bindparam("ids", expanding=True)), Offer.status == terms.OPEN
)


def handed_over(session: Session, offers: Collection[int], now: datetime) -> None:
    """A message of each of `offers` (ids) reached a provider: from the first, its deadline counts.

    Their requests are held. Told twice, or told of later channels, it changes nothing.
    """
    if not offers:
        return
    session.flush()
    deadlines = [
        {"id": offer_id, "deadline": deadline_of(created_at, min(sent or now, now), window_s)}
        for offer_id, created_at, window_s, sent in session.execute(OPEN, {"ids": list(offers)})
    ]
    if deadlines:
        session.execute(update(Offer), deadlines)
    for offer_id in offers:
        known = session.identity_map.get(identity_key(Offer, offer_id))
        if known is not None:
            session.expire(known, ["deadline"])


def delivery_failed(session: Session, offer: Offer, now: datetime) -> None:
    """No channel is left for `offer`: it ends as undeliverable, and the next expert is asked.

    Holds the request.
    """
    request = hold(session, offer.request_id)
    session.refresh(offer)
    if offer.status == terms.OPEN:
        move_offer(
            session, offer, terms.UNDELIVERABLE, actor="system", now=now, reason="no channel works"
        )
    advance_held(session, request, now)
