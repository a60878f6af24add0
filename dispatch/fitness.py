"""Whether somebody who was asked may still go: all hard filters but the hour of the day.

Whoever answers is awake and at work; an offer made in the evening does not end with the day.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from dispatch.models import Offer
from dispatch.occupied import busy, load
from roster.directory.profiles import profiles
from roster.models import Expert
from roster.rules.suitability import reason_against
from roster.rules.terms import Need

HELD = {"read": True}


def reason_to_end(session: Session, offer: Offer, need: Need, now: datetime) -> str | None:
    """The first of roster.rules.terms.REASONS against the expert of the live `offer`, if any.

    The expert's row is held against changes until the transaction ends (PostgreSQL).
    """
    session.get(Expert, offer.expert_id, populate_existing=True, with_for_update=HELD)
    known = profiles(session, [offer.expert_id], now, busy=_busy_but(offer), load=load())
    profile = known[offer.expert_id]
    any_hour = replace(profile, rhythm=replace(profile.rhythm, weekly=(), quiet=None))
    return reason_against(any_hour, replace(need, hours="any"), now)


def _busy_but(offer: Offer) -> Select[int]:
    return busy().where(Offer.id != offer.id)
