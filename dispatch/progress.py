"""What has happened to a request so far, read from its rows and stored nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.rules import terms
from dispatch.shown import ShownCase, ShownMission, ShownOffer, ShownPerson
from roster.models import Expert

# How far an offer got is the furthest that any of its attempts got.
FURTHEST = (
    terms.DELIVERED,
    terms.SENT,
    terms.UNKNOWN,
    terms.SENDING,
    terms.QUEUED,
    terms.FAILED,
    terms.DROPPED,
)

DROPPED_OUT = "dropped_out"


@dataclass(frozen=True)
class Event:
    """One line of a request's history; `detail` names nobody."""

    at: datetime
    event: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rung:
    """One offer as the office may see it: `who` only after they have accepted.

    `state` is the offer's, or `dropped_out` when whoever had accepted will not come after all.
    """

    who: Expert | None
    km: float
    state: str
    deadline: datetime


def experts_found(request: CrisisRequest | ShownCase) -> Sequence[Expert | ShownPerson]:
    """Who is on the way; in an exercise, which has no missions, who said yes."""
    if request.exercise:
        return [offer.expert for offer in request.offers if offer.status == terms.ACCEPTED]
    return [mission.expert for mission in request.missions if mission.status in terms.ACTIVE]


def ladder_for_office(request: CrisisRequest) -> list[Rung]:
    """Everybody who was asked, in that order, as the office may know it."""
    left = {one.offer_id for one in request.missions if one.status == terms.WITHDRAWN}
    return [
        Rung(
            who=offer.expert if offer.status == terms.ACCEPTED else None,
            km=offer.distance_km,
            state=DROPPED_OUT if offer.id in left else offer.status,
            deadline=offer.deadline,
        )
        for offer in request.offers
    ]


def delivery_of(offer: Offer | ShownOffer) -> str | None:
    """The furthest that any attempt of this offer got; None while there is none."""
    reached = {attempt.status for attempt in offer.attempts}
    return next((status for status in FURTHEST if status in reached), None)


def first_sent(offer: Offer | ShownOffer) -> datetime | None:
    """When the first message of this offer was handed to the provider (UTC)."""
    return min((a.sent_at for a in offer.attempts if a.sent_at), default=None)


def time_to_first_offer_s(request: CrisisRequest | ShownCase) -> float | None:
    """Seconds from confirmation (or filing by a trusted person) to the first hand-over."""
    sent = [moment for offer in request.offers if (moment := first_sent(offer))]
    start = request.confirmed_at or request.filed_at
    return (min(sent) - start).total_seconds() if sent else None


def timeline_of(request: CrisisRequest | ShownCase) -> list[Event]:
    """All that happened to `request`, oldest first."""
    events = [Event(request.filed_at, "filed", {"through": request.filed_through})]
    if request.confirmed_at:
        events.append(Event(request.confirmed_at, "confirmed"))
    for offer in request.offers:
        events += _of_offer(offer)
    for mission in request.missions:
        events += _of_mission(mission)
    events += [Event(step.at, step.step) for step in request.steps]
    if request.ended_at:
        events.append(Event(request.ended_at, request.status))
    return sorted(events, key=lambda event: event.at)


def _of_offer(offer: Offer | ShownOffer) -> list[Event]:
    about = {"offer": offer.public_id}
    events = [Event(offer.created_at, "offered", {**about, "wave": offer.wave})]
    sent = first_sent(offer)
    if sent:
        events.append(Event(sent, "sent", about))
    ended = offer.ended_at or offer.answered_at
    if ended and offer.status != terms.OPEN:
        events.append(Event(ended, offer.status, about))
    return events


def _of_mission(mission: Mission | ShownMission) -> list[Event]:
    if mission.ended_at is None:
        return []
    return [Event(mission.ended_at, f"mission_{mission.status}", {"mission": mission.public_id})]
