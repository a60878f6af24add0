"""An offer as it stands while its request is held: whatever is said of it is decided on that."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from dispatch.case import hold
from dispatch.models import CrisisRequest, Offer

AFRESH = select(Offer).where(Offer.id == bindparam("id")).execution_options(populate_existing=True)


def hold_offer(session: Session, offer: Offer) -> CrisisRequest:
    """The request of `offer`, held; `offer` itself is read afresh under that lock."""
    request = hold(session, offer.request_id)
    session.scalars(AFRESH, {"id": offer.id}).one()
    return request
