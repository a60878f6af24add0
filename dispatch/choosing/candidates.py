"""Who would be asked for a request just now, with the facts; and why the others would not.

Only looks. What is shown of each decision afterwards is filled in here, too, since it costs a look
at everybody and no text should wait for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, text, union
from sqlalchemy.orm import Session, lazyload

from core.db import db, writing
from dispatch.case import need_for
from dispatch.choosing.kept import FEW, POOL, as_kept
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
CALM = timedelta(seconds=1)  # without a decision
PATIENCE = timedelta(seconds=30)  # the longest that a decision waits for calm
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
    """Adds who was left out, and why, to the latest decisions, and whoever would have come next.

    Returns to how many. Opens its own transactions, and looks at a few at a time.
    """
    query = select(Decision.id, Decision.at).where(UNEXPLAINED).order_by(Decision.id.desc())
    waiting = db.session().execute(query.limit(EXPLAINED_AT_ONCE)).all()
    if waiting and waiting[0].at > now - CALM and not _has_waited(now):
        return 0  # its texts come first, and those of whoever else asks at this moment
    for number, _at in waiting:
        try:
            _keep(number, *_looked_up(db.session(), number, now))
        except FAULTS as fault:
            db.session.rollback()
            # A request that cannot be read is on the duty board; its past needs no second look.
            _keep(number, [], {"error": type(fault).__name__})
    return len(waiting)


def _has_waited(now: datetime) -> bool:
    """Whether a decision waits longer than `PATIENCE`: in a great crisis there may be no calm."""
    oldest = select(Decision.at).where(UNEXPLAINED).order_by(Decision.id).limit(1)
    began = db.session().scalar(oldest)
    return began is not None and began <= now - PATIENCE


def _looked_up(
    session: Session, number: int, now: datetime
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Reads only: the long look at everybody must keep no writer waiting."""
    decision = session.get_one(Decision, number)
    request = session.get_one(CrisisRequest, decision.request_id)
    need, _ = need_for(session, request, policy_for(session, request.severity).hours)
    taken = _busy_elsewhere(request)
    more = _next_ones(session, decision, need, now, taken)
    counts, excluded = exclusions(
        session, need, now, busy=taken, load=load(), limit=NEAREST_EXCLUDED
    )
    return more, {"counts": dict(counts), "nearest": [_excluded(one) for one in excluded]}


def _next_ones(
    session: Session, decision: Decision, need: Need, now: datetime, taken: Select[int]
) -> list[dict[str, Any]]:
    """Who would have come after the few that were looked at, up to `POOL`; nobody when all were.

    Those who were asked for this request, then or before, are not looked at again.
    """
    seen = decision.candidates
    if not FEW <= len(seen) < POOL:
        return []
    known = select(Expert.id).where(Expert.public_id.in_([one["expert"] for one in seen]))
    asked = select(Offer.expert_id).where(Offer.request_id == decision.request_id)
    more = nearest(
        session, need, now, POOL - len(seen), busy=taken, load=load(), offered=last_offered(),
        exclude=session.scalars(union(known, asked)).all(),
    )  # fmt: skip
    return [as_kept(one, rank) for rank, one in enumerate(more, seen[-1]["rank"] + 1)]


def _keep(number: int, more: list[dict[str, Any]], excluded: dict[str, Any]) -> None:
    """What was decided stays as it is: read again under the lock, for somebody may be erased."""
    with writing() as session:
        query = select(Decision).where(Decision.id == number, UNEXPLAINED).with_for_update()
        decision = session.scalar(query.execution_options(populate_existing=True))
        if decision is not None:
            decision.candidates = decision.candidates + more
            decision.excluded = excluded


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
