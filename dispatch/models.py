"""Crisis requests, offers, attempts, texts received, missions: what dispatch remembers.

Promises that two rows could break are unique indexes here, not checks before a write.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from core.reference.models import Office
from dispatch.rules import terms
from roster.models import Expert


def _in(column: str, states: tuple[str, ...], name: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(s) for s in states)})", name=name)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class CrisisRequest(Base):
    """One call for help. `ref` is public and unguessable; `number` is what one says on the phone.

    `skills` are [[code, level], …] as the office named them; what it left out follows from the
    office's profile and the kind when matching, and is not stored.
    """

    __tablename__ = "crisis_request"
    __table_args__ = (
        _in("status", terms.REQUEST_STATES, "status"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("slots BETWEEN 1 AND 50", name="slots"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="position"),
        UniqueConstraint("idempotency_scope", "idempotency_key", name="uq_request_idempotency"),
        _partial("ix_request_wake", "wake_at", where="wake_at IS NOT NULL"),
        Index("ix_request_office", "office_code", "filed_at"),
        Index("ix_request_status", "status", "severity", "filed_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ref: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    kind: Mapped[str] = mapped_column(ForeignKey("crisis_kind.code"))
    severity: Mapped[int] = mapped_column(SmallInteger)
    summary: Mapped[str] = mapped_column(Text)
    impact: Mapped[list[str]] = mapped_column(JSON, default=list)
    services: Mapped[list[str]] = mapped_column(JSON, default=list)
    skills: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    mode: Mapped[str] = mapped_column(String(8), default="either")
    slots: Mapped[int] = mapped_column(SmallInteger, default=1)
    place: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    affected_radius_km: Mapped[float | None] = mapped_column(Float)
    local_experts_safe: Mapped[bool] = mapped_column(Boolean, default=False)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    exercise: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str] = mapped_column(String(12), default="en")
    status: Mapped[str] = mapped_column(String(24))
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filed_through: Mapped[str] = mapped_column(String(10), default="form")
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    # The clock's next business with this request: deadline, policy step, somebody waking up.
    wake_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_scope: Mapped[str | None] = mapped_column(String(40))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    content_digest: Mapped[str] = mapped_column(String(64), default="")

    office: Mapped[Office] = relationship(lazy="joined")
    offers: Mapped[list["Offer"]] = relationship(back_populates="request", order_by="Offer.id")
    missions: Mapped[list["Mission"]] = relationship(
        back_populates="request", order_by="Mission.id"
    )
    steps: Mapped[list["EscalationStep"]] = relationship(order_by="EscalationStep.id")


class Offer(Base):
    """One request put to one expert, with one deadline."""

    __tablename__ = "offer"
    __table_args__ = (
        _in("status", terms.OFFER_STATES, "status"),
        # I2: at most one open offer per expert, always.
        _partial("uq_offer_open_expert", "expert_id", where="status = 'open'", unique=True),
        _partial("uq_offer_open_code", "code", where="status = 'open'", unique=True),
        _partial("ix_offer_due", "deadline", where="status = 'open'"),
        Index("ix_offer_request", "request_id", "status"),
        Index("ix_offer_expert", "expert_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    code: Mapped[str] = mapped_column(String(4))
    rank: Mapped[int] = mapped_column(Integer)
    wave: Mapped[int] = mapped_column(Integer)
    distance_km: Mapped[float] = mapped_column(Float)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(14), default=terms.OPEN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    window_s: Mapped[int] = mapped_column(Integer)
    # One window after creation, and one window after the first hand-over once there is one.
    deadline: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_reason: Mapped[str] = mapped_column(String(500), default="")

    request: Mapped[CrisisRequest] = relationship(back_populates="offers")
    expert: Mapped[Expert] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="offer", order_by="Attempt.id")
    mission: Mapped["Mission | None"] = relationship(back_populates="offer")


class Attempt(Base):
    """One message to one person over one channel, whatever it is about.

    `purpose` is `offer` for offers and otherwise names the wording (`accepted_ack`, `duty_alert`,
    `office_told`, `unclear`, …). `due_at` may lie ahead (second channel, retry).
    """

    __tablename__ = "attempt"
    __table_args__ = (
        _in("status", (*terms.ATTEMPT_STATES, terms.DROPPED), "status"),
        # I6: the provider never holds two messages for one (offer, channel, number).
        UniqueConstraint("offer_id", "purpose", "channel", "number", name="uq_attempt_once"),
        _partial("ix_attempt_due", "due_at", where="status = 'queued'"),
        _partial("ix_attempt_limbo", "claimed_at", where="status IN ('sending', 'unknown')"),
        Index("ix_attempt_request", "request_id"),
        Index("ix_attempt_to", "to", "queued_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(6))
    number: Mapped[int] = mapped_column(SmallInteger, default=1)
    to: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12), default="en")
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    segments: Mapped[int] = mapped_column(SmallInteger, default=1)
    priority: Mapped[int] = mapped_column(SmallInteger, default=3)
    status: Mapped[str] = mapped_column(String(10), default=terms.QUEUED)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider_sid: Mapped[str | None] = mapped_column(String(40), index=True)
    error_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str] = mapped_column(String(300), default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)

    offer: Mapped[Offer | None] = relationship(back_populates="attempts")


class InboundMessage(Base):
    """A text that reached us; `sid` once only, `outcome` always (I8, I11)."""

    __tablename__ = "inbound_message"
    __table_args__ = (Index("ix_inbound_outcome", "outcome", "received_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(32), index=True)
    recipient: Mapped[str] = mapped_column(String(32), default="")
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(30), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    expert: Mapped[Expert | None] = relationship()
    offer: Mapped[Offer | None] = relationship()


class Mission(Base):
    """An accepted offer until it is closed. `slot` 1…n of the request, `seat` 1…m of the expert."""

    __tablename__ = "mission"
    __table_args__ = (
        _in("status", terms.MISSION_STATES, "status"),
        # I1: one accepted offer per slot. I2: never more missions than seats.
        _partial("uq_mission_slot", "request_id", "slot",
                 where="status <> 'withdrawn'", unique=True),
        _partial("uq_mission_seat", "expert_id", "seat",
                 where="status IN ('accepted', 'started')", unique=True),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    seat: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(10), default=terms.ACCEPTED)
    accepted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    offer: Mapped[Offer] = relationship(back_populates="mission")
    request: Mapped[CrisisRequest] = relationship(back_populates="missions")
    expert: Mapped[Expert] = relationship()


class EscalationStep(Base):
    """Something that a policy asked for and that was done once: duty officers told, and so on."""

    __tablename__ = "escalation_step"
    __table_args__ = (UniqueConstraint("request_id", "step", name="uq_escalation_step_once"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    step: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class EscalationPolicy(Base):
    """What happens when, per severity; times in seconds. Edited as data, never in code."""

    __tablename__ = "escalation_policy"

    severity: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    reply_window_s: Mapped[int] = mapped_column(Integer)
    waves: Mapped[list[int]] = mapped_column(JSON)
    duty_told_s: Mapped[int | None] = mapped_column(Integer)
    specialist_told_s: Mapped[int | None] = mapped_column(Integer)
    hours: Mapped[str] = mapped_column(String(8), default="any")
    channels: Mapped[list[str]] = mapped_column(JSON)
    second_channel_s: Mapped[int] = mapped_column(Integer)
    edited: Mapped[bool] = mapped_column(Boolean, default=False)


class Incident(Base):
    """Something the machine could not finish and a duty officer must see; `key` once while open."""

    __tablename__ = "incident"
    __table_args__ = (_partial("uq_incident_open", "key", where="cleared_at IS NULL", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(30))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("crisis_request.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Heartbeat(Base):
    """When each worker was last seen; /readyz and the duty board look at it."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
