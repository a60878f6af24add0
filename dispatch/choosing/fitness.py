"""Whether somebody may be asked, and whether who was asked may still go; rows held meanwhile.

Whoever answers is awake and at work; an offer made in the evening does not end with the day.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from dispatch.choosing.occupied import busy, load
from dispatch.models import Offer
from roster.directory.profiles import LEAN, hold_expert, profiles_of
from roster.held import holds_any
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


@dataclass(frozen=True)
class Looked:
    """Who is `free`, by id; and whom others hold, so that nobody knows."""

    free: dict[int, Expert]
    elsewhere: set[int]


def free_experts(session: Session, ids: Collection[int], need: Need, now: datetime) -> Looked:
    """Those of `ids` against whom nothing stands, read afresh and held (PostgreSQL).

    A transaction that holds no expert yet waits for them, locking them in the order of their ids;
    one that holds some, for whatever reason and for whichever request, never waits, and passes over
    whom others hold. So nobody is waited for who waits for an expert out of that order. Whoever
    goes on holding them must say so (`roster.held.note_held`).
    """
    query = PASSING if holds_any(session) else WAITING
    held = {expert.id: expert for expert in session.scalars(query, {"ids": list(ids)})}
    known = profiles_of(session, held.values(), now, busy=busy(), load=load())
    free = {key: held[key] for key in held if reason_against(known[key], need, now) is None}
    return Looked(free, set(ids) - held.keys())


def reason_to_end(
    session: Session, offer: Offer, need: Need, now: datetime, *, wait: bool = True
) -> str | None:
    """The first of roster.rules.terms.REASONS against the expert of the live `offer`, if any.

    The expert's row is held against changes until the transaction ends (PostgreSQL). Without a
    `wait` for whoever is changing the expert there is none yet: they leave news of it.
    """
    expert = hold_expert(session, offer.expert_id, wait=wait)
    if expert is None:
        return None
    set_committed_value(offer, "expert", expert)  # whoever speaks of this offer means who is held
    profile = profiles_of(session, [expert], now, busy=busy(), load=load())[expert.id]
    # Of live offers there is one at most for each expert: it is this one.
    any_hour = replace(profile.rhythm, weekly=(), quiet=None)
    return reason_against(
        replace(profile, rhythm=any_hour, offered=False), replace(need, hours="any"), now
    )
