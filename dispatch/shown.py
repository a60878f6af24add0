"""A case as it is shown to programs: plain values in four statements, no objects.

Reads only, and does not ask who may see it. Named like the columns, so that whoever reads a request
and its rows as objects can read this in the same way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from dispatch.models import Attempt, CrisisRequest, EscalationStep, Mission, Offer
from dispatch.rules import terms
from roster.models import Expert


@dataclass(frozen=True)
class ShownPerson:
    """An expert who was asked."""

    id: int
    public_id: str
    user_id: int | None
    name: str
    phone: str


@dataclass(frozen=True)
class ShownAttempt:
    """A message of an offer."""

    status: str
    channel: str
    sent_at: datetime | None


@dataclass(frozen=True)
class ShownOffer:
    """An offer with its messages, the first one first. Distance in km."""

    id: int
    public_id: str
    rank: int
    wave: int
    distance_km: float
    status: str
    created_at: datetime
    deadline: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    expert: ShownPerson
    attempts: list[ShownAttempt]


@dataclass(frozen=True)
class ShownMission:
    """A mission and who is on it."""

    public_id: str
    slot: int
    status: str
    accepted_at: datetime
    ended_at: datetime | None
    expert: ShownPerson


@dataclass(frozen=True)
class ShownStep:
    """An escalation step that was done."""

    step: str
    at: datetime


@dataclass(frozen=True)
class ShownCase:
    """A request with all that happened to it, everything in the order in which it did."""

    ref: str
    number: str
    office_code: str
    kind: str
    severity: int
    status: str
    summary: str
    exercise: bool
    slots: int
    impact: list[str]
    services: list[str]
    skills: list[list[Any]]
    languages: list[str]
    mode: str
    place: str
    lat: float
    lon: float
    affected_radius_km: float | None
    local_experts_safe: bool
    contact_name: str
    contact_phone: str
    contact_email: str
    filed_at: datetime
    filed_through: str
    confirmed_at: datetime | None
    ended_at: datetime | None
    offers: list[ShownOffer]
    missions: list[ShownMission]
    steps: list[ShownStep]


Line = Row[*tuple[Any, ...]]
ROWS = ("offers", "missions", "steps")
FILED = [one.name for one in fields(ShownCase) if one.name not in ROWS]
OFFER = [one.name for one in fields(ShownOffer) if one.name not in ("expert", "attempts")]
MISSION = [one.name for one in fields(ShownMission) if one.name != "expert"]
PERSON = [getattr(Expert, one.name) for one in fields(ShownPerson)]
# Each of these is built once.
FILED_OF = select(CrisisRequest.id, *(getattr(CrisisRequest, name) for name in FILED)).where(
    CrisisRequest.ref == bindparam("ref")
)
OFFERS_OF = (
    select(
        *(getattr(Offer, name) for name in OFFER),
        *PERSON, Attempt.status, Attempt.channel, Attempt.sent_at,
    )
    .join(Expert, Expert.id == Offer.expert_id)
    .outerjoin(Attempt, Attempt.offer_id == Offer.id)
    .where(Offer.request_id == bindparam("request"))
    .order_by(Offer.id, Attempt.id)
)  # fmt: skip
MISSIONS_OF = (
    select(*(getattr(Mission, name) for name in MISSION), *PERSON)
    .join(Expert, Expert.id == Mission.expert_id)
    .where(Mission.request_id == bindparam("request"))
    .order_by(Mission.id)
)
STEPS_OF = (
    select(EscalationStep.step, EscalationStep.at)
    .where(EscalationStep.request_id == bindparam("request"))
    .order_by(EscalationStep.id)
)


def read_case(session: Session, ref: str) -> ShownCase | None:
    """The request `ref` with everything that is shown of it; None when there is none."""
    reader = session.connection()
    found = reader.execute(FILED_OF, {"ref": ref}).one_or_none()
    if found is None:
        return None
    number, *filed = found
    of = {"request": number}
    offers = _offers(reader.execute(OFFERS_OF, of).all())
    # A mission is an offer that was accepted.
    coming = any(offer.status == terms.ACCEPTED for offer in offers)
    return ShownCase(
        **dict(zip(FILED, filed, strict=True)),
        offers=offers,
        missions=[_mission(row) for row in reader.execute(MISSIONS_OF, of)] if coming else [],
        steps=[ShownStep(*row) for row in reader.execute(STEPS_OF, of)],
    )


def _offers(rows: Iterable[Line]) -> list[ShownOffer]:
    """One row for each message, or for an offer that has none."""
    offers = []
    for _, group in groupby(rows, key=lambda row: row.id):
        first, *others = group
        messages = [ShownAttempt(*row[-3:]) for row in (first, *others) if row[-3]]
        columns = dict(zip(OFFER, first, strict=False))
        offers.append(ShownOffer(**columns, expert=_person(first, OFFER), attempts=messages))
    return offers


def _mission(row: Line) -> ShownMission:
    return ShownMission(**dict(zip(MISSION, row, strict=False)), expert=_person(row, MISSION))


def _person(row: Line, after: Sequence[str]) -> ShownPerson:
    return ShownPerson(*row[len(after) : len(after) + len(PERSON)])
