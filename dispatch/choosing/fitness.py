"""Whether somebody may be asked, and whether who was asked may still go; rows held meanwhile.

Whoever answers is awake and at work; an offer made in the evening does not end with the day.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from dispatch.choosing.occupied import busy, load
from dispatch.models import Offer
from roster.directory.profiles import LEAN, ONE_HELD, profiles_of
from roster.models import Expert
from roster.rules.suitability import reason_against
from roster.rules.terms import Need


def _locked(*, wait: bool) -> Select[Expert]:
    return (
        select(Expert)
        .where(Expert.id.in_(bindparam("ids", expanding=True)))
        .order_by(Expert.id)
        .with_for_update(of=Expert, key_share=True, skip_locked=not wait)
        .options(LEAN)
        .execution_options(populate_existing=True)
    )


WAITING, PASSING = _locked(wait=True), _locked(wait=False)


def free_experts(
    session: Session, ids: Collection[int], need: Need, now: datetime, *, wait: bool
) -> dict[int, Expert]:
    """Those of `ids` against whom nothing stands, read afresh and held (PostgreSQL).

    Locked in the order of their ids, so that two searches never wait in a ring. Whoever already
    holds some does not `wait` for more: those whom others hold are then left out.
    """
    query = WAITING if wait else PASSING
    held = {expert.id: expert for expert in session.scalars(query, {"ids": list(ids)})}
    known = profiles_of(session, held.values(), now, busy=busy(), load=load())
    return {key: held[key] for key in held if reason_against(known[key], need, now) is None}


def reason_to_end(session: Session, offer: Offer, need: Need, now: datetime) -> str | None:
    """The first of roster.rules.terms.REASONS against the expert of the live `offer`, if any.

    The expert's row is held against changes until the transaction ends (PostgreSQL).
    """
    expert = session.scalars(ONE_HELD, {"who": offer.expert_id}).one()
    set_committed_value(offer, "expert", expert)  # whoever speaks of this offer means who is held
    profile = profiles_of(session, [expert], now, busy=busy(), load=load())[expert.id]
    # Of live offers there is one at most for each expert: it is this one.
    any_hour = replace(profile.rhythm, weekly=(), quiet=None)
    return reason_against(
        replace(profile, rhythm=any_hour, offered=False), replace(need, hours="any"), now
    )
