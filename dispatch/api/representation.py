"""What the API shows of a request: everything to staff; to the office, nobody's name or place
before they have accepted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dispatch.models import Attempt, CrisisRequest, Offer
from dispatch.progress import delivery_of, first_sent, time_to_first_offer_s, timeline_of
from dispatch.rules import terms
from dispatch.rules.matching import distance_band
from dispatch.shown import ShownAttempt, ShownCase, ShownMission, ShownOffer


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a Z, to the millisecond."""
    if moment is None:
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def summarise(request: CrisisRequest | ShownCase) -> dict[str, Any]:
    """A request as a line of a list."""
    return {
        "ref": request.ref,
        "number": request.number,
        "office": request.office_code,
        "kind": request.kind,
        "severity": request.severity,
        "status": request.status,
        "summary": request.summary,
        "exercise": request.exercise,
        "filed_at": stamp(request.filed_at),
        "slots": request.slots,
    }


def represent_crisis(request: ShownCase, *, staff: bool) -> dict[str, Any]:
    """A request with its offers, missions and timeline. `staff` sees who was asked."""
    filed = {
        "impact": request.impact,
        "services": request.services,
        "skills": [f"{code}:{level}" for code, level in request.skills],
        "languages": request.languages,
        "mode": request.mode,
        "experts_needed": request.slots,
        "place": request.place,
        "lat": request.lat,
        "lon": request.lon,
        "affected_radius_km": request.affected_radius_km,
        "local_experts_safe": request.local_experts_safe,
        "contact_name": request.contact_name,
        "contact_phone": request.contact_phone,
        "contact_email": request.contact_email,
    }
    return {
        **summarise(request),
        **filed,
        "confirmed_at": stamp(request.confirmed_at),
        "ended_at": stamp(request.ended_at),
        "time_to_first_offer_s": time_to_first_offer_s(request),
        "offers": [represent_offer(row, staff=staff) for row in request.offers],
        "missions": [represent_mission(row, staff=staff) for row in request.missions],
        "timeline": [
            {"at": stamp(entry.at), "event": entry.event, **entry.detail}
            for entry in timeline_of(request)
        ],
    }


def represent_offer(row: Offer | ShownOffer, *, staff: bool) -> dict[str, Any]:
    """An offer; `expert` is null for the office until that expert has accepted."""
    known = staff or row.status == terms.ACCEPTED
    last = last_attempt(row)
    return {
        "id": row.public_id,
        "expert": row.expert.public_id if known else None,
        "rank": row.rank,
        "wave": row.wave,
        "distance_km": round(row.distance_km, 1) if staff else None,
        "distance_band": distance_band(row.distance_km),
        "status": row.status,
        "delivery": delivery_of(row),
        "channel": last.channel if last else None,
        "sent_at": stamp(first_sent(row)),
        "deadline": stamp(row.deadline),
        "answered_at": stamp(row.answered_at),
    }


def represent_mission(row: ShownMission, *, staff: bool) -> dict[str, Any]:
    """A mission: the office may know who comes, and how to reach them, while they are coming."""
    expert: dict[str, Any] = {"id": row.public_id, "expert": row.expert.public_id}
    if staff or row.status in terms.ACTIVE:
        expert |= {"name": row.expert.name, "phone": row.expert.phone}
    return expert | {
        "slot": row.slot,
        "status": row.status,
        "accepted_at": stamp(row.accepted_at),
        "ended_at": stamp(row.ended_at),
    }


def last_attempt(row: Offer | ShownOffer) -> Attempt | ShownAttempt | None:
    """The attempt that got furthest last: what is on its way, or the last that was."""
    attempts: Sequence[Attempt | ShownAttempt] = row.attempts
    handed = [one for one in attempts if one.status not in {terms.QUEUED, terms.DROPPED}]
    return handed[-1] if handed else next(iter(attempts), None)
