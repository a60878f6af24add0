"""Who has been asked for a request already, and who of them has not had their chance yet.

Told by how their offers ended; asks nobody.
"""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.rules import terms

# Why the machine takes an offer back: the second is followed by what stands against the expert.
OTHERS_ACCEPTED = "others have accepted"
NOT_FIT = "not deployable: "


def asked_already(session: Session, request: CrisisRequest) -> set[int]:
    """Whom the machine does not ask again for this request.

    Everybody is asked once; but whose offer we took back, because they could not go and now can,
    or because others were quicker and one of those has dropped out, has never had their chance.
    """
    not_their_doing = Offer.end_reason.startswith(NOT_FIT) | (Offer.end_reason == OTHERS_ACCEPTED)
    came_to_nothing = (Offer.status == terms.WITHDRAWN) & not_their_doing
    query = select(Offer.expert_id).where(Offer.request_id == request.id, ~came_to_nothing)
    return set(session.scalars(query))


def never_reached(session: Session, request: CrisisRequest) -> set[int]:
    """Whose offers all ran out before any message of theirs left us: nobody has asked them yet.

    So it is after an hour without a provider. An attempt that was claimed may have arrived.
    """
    left = exists().where(Attempt.offer_id == Offer.id, Attempt.claimed_at.is_not(None))
    mine = select(Offer.expert_id).where(Offer.request_id == request.id)
    silent = set(session.scalars(mine.where(Offer.status == terms.LAPSED, ~left)))
    return silent - set(session.scalars(mine.where(or_(Offer.status != terms.LAPSED, left))))
