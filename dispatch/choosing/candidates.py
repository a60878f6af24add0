"""Who would be asked for a request just now, with the facts; and why the others would not.

Only looks. What is shown of each decision afterwards is filled in here, too, since it costs a look
at everybody and no text should wait for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session, lazyload

from core.db import db, writing
from dispatch.case import need_for
from dispatch.choosing.occupied import busy, last_offered, load
from dispatch.faults import FAULTS
from dispatch.models import CrisisRequest, Decision, Offer
from dispatch.policies import policy_for
from roster.directory.excluded import exclusions
from roster.directory.order import nearest
from roster.directory.where import place_of
from roster.models import Expert
from roster.rules.terms import Candidate, Exclusion, Need

NEAREST_EXCLUDED = 20
EXPLAINED_AT_ONCE = 3
UNEXPLAINED = text("decision.excluded IS NULL")


@dataclass(frozen=True)
class Look:
    """Candidates in the order in which they are asked, and those left out: counted, and near."""

    candidates: list[Candidate]
    counts: Mapping[str, int]
    nearest: list[Exclusion]


def describe(
    session: Session, request: CrisisRequest, now: datetime, *, limit: int
) -> dict[str, Any]:
    """The body of GET /crises/{ref}/candidates: at most `limit` candidates, and the excluded.

    A live offer of this same request is held against nobody; whoever has had one is `asked`.
    """
    need, _ = need_for(session, request, policy_for(session, request.severity).hours)
    seen = look(session, need, now, limit, but_for=request)
    asked = set(session.scalars(select(Offer.expert_id).where(Offer.request_id == request.id)))
    shown = [one.id for one in seen.candidates] + [one.id for one in seen.nearest]
    people = _people(session, shown)
    candidates = [
        {
            "expert": candidate.public_id,
            "rank": rank,
            "distance_km": round(candidate.distance_km, 1),
            "asked": candidate.id in asked,
            "facts": {**candidate.facts, **_whereabouts(people[candidate.id], now)},
        }
        for rank, candidate in enumerate(seen.candidates, 1)
    ]
    left_out = [{**_excluded(one), "name": people[one.id].name} for one in seen.nearest]
    return {"candidates": candidates, "excluded": {"counts": seen.counts, "nearest": left_out}}


def next_in_line(
    session: Session, request: CrisisRequest, now: datetime, *, limit: int
) -> list[Expert]:
    """The first `limit` experts who could be asked for `request` now; cheap, for a map."""
    need, _ = need_for(session, request, policy_for(session, request.severity).hours)
    taken = _busy_elsewhere(request)
    found = nearest(session, need, now, limit, busy=taken, load=load(), offered=last_offered())
    people = _people(session, [one.id for one in found])
    return [people[one.id] for one in found]


def look(
    session: Session,
    need: Need,
    now: datetime,
    limit: int,
    *,
    but_for: CrisisRequest | None = None,
) -> Look:
    """Who would be asked for `need` at `now`; live offers of `but_for` do not count."""
    taken = _busy_elsewhere(but_for)
    found = nearest(session, need, now, limit, busy=taken, load=load(), offered=last_offered())
    counts, excluded = exclusions(
        session, need, now, busy=taken, load=load(), limit=NEAREST_EXCLUDED
    )
    return Look(found, dict(counts), excluded)


def explain_decisions(now: datetime) -> int:
    """Adds who was left out, and why, to the latest decisions; returns to how many.

    Opens its own transactions, and looks at a few at a time.
    """
    query = select(Decision.id).where(UNEXPLAINED).order_by(Decision.id.desc())
    waiting = db.session().scalars(query.limit(EXPLAINED_AT_ONCE)).all()
    for number in waiting:
        try:
            with writing() as session:
                _explain(session, number, now)
        except FAULTS as fault:
            _give_up(number, fault)
    return len(waiting)


def _give_up(number: int, fault: Exception) -> None:
    # A request that cannot be read is on the duty board already; its past needs no second look.
    with writing() as session:
        session.get_one(Decision, number).excluded = {"error": type(fault).__name__}


def _explain(session: Session, number: int, now: datetime) -> None:
    claim = select(Decision).where(Decision.id == number, UNEXPLAINED)
    decision = session.scalars(claim.with_for_update(skip_locked=True)).one_or_none()
    if decision is None:
        return
    request = session.get_one(CrisisRequest, decision.request_id)
    need, _ = need_for(session, request, policy_for(session, request.severity).hours)
    counts, excluded = exclusions(
        session, need, now, busy=_busy_elsewhere(request), load=load(), limit=NEAREST_EXCLUDED
    )
    nearest_first = [_excluded(one) for one in excluded]
    decision.excluded = {"counts": dict(counts), "nearest": nearest_first}


def _busy_elsewhere(request: CrisisRequest | None) -> Select[int]:
    return busy() if request is None else busy().where(Offer.request_id != request.id)


def _excluded(one: Exclusion) -> dict[str, Any]:
    return {
        "expert": one.public_id,
        "distance_km": round(one.distance_km, 1),
        "reason": one.reason,
        "detail": one.detail,
    }


def _people(session: Session, ids: list[int]) -> dict[int, Expert]:
    rows = session.scalars(select(Expert).where(Expert.id.in_(ids)).options(lazyload("*")))
    return {expert.id: expert for expert in rows}


def _whereabouts(expert: Expert, now: datetime) -> dict[str, Any]:
    lat, lon = place_of(expert, now)
    return {"name": expert.name, "lat": lat, "lon": lon}
