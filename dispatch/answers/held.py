"""An offer as it stands while its request is held: whatever is said of it is decided on that."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, lazyload

from dispatch.case import hold
from dispatch.models import CrisisRequest, Offer

AFRESH = (
    select(Offer)
    .where(Offer.id == bindparam("id"))
    .options(lazyload(Offer.expert).lazyload("*"))
    .execution_options(populate_existing=True)
)


def hold_offer(session: Session, offer_id: int, request_id: int) -> tuple[CrisisRequest, Offer]:
    """The request, held, and the offer that is one of its, read afresh under that lock."""
    request = hold(session, request_id)
    return request, session.scalars(AFRESH, {"id": offer_id}).one()
