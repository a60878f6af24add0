"""The call for help itself, as a row. Knows nothing of who answers it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

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
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from core.reference.models import CrisisKind, Office
from dispatch.models.constraints import among, partial
from dispatch.rules import terms
from roster.rules.terms import Mode

if TYPE_CHECKING:
    from dispatch.models.escalation import EscalationStep
    from dispatch.models.missions import Mission
    from dispatch.models.offers import Offer


class CrisisRequest(Base):
    """One call for help. `ref` is public and unguessable; `number` is what one says on the phone.

    `skills` are [[code, level], …] as the office named them; what it left out follows from the
    office's profile and the kind when matching, and is not stored.
    """

    __tablename__ = "crisis_request"
    __table_args__ = (
        among("status", terms.REQUEST_STATES, "status"),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
        CheckConstraint("slots BETWEEN 1 AND 50", name="slots"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="position"),
        UniqueConstraint("idempotency_scope", "idempotency_key", name="uq_request_idempotency"),
        partial("ix_request_wake", "wake_at", where="wake_at IS NOT NULL"),
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
    mode: Mapped[Mode] = mapped_column(String(8), default="either")
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
    # Searches are counted: one begins when it is filed or confirmed, another when an expert drops
    # out or one more is wanted. Escalation steps are timed from the start of the present one.
    search: Mapped[int] = mapped_column(SmallInteger, default=0)
    search_started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    # The clock's next business with this request: deadline, policy step, somebody waking up.
    wake_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_scope: Mapped[str | None] = mapped_column(String(40))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    content_digest: Mapped[str] = mapped_column(String(64), default="")

    office: Mapped[Office] = relationship(lazy="joined")
    kind_row: Mapped[CrisisKind] = relationship(lazy="joined")
    offers: Mapped[list["Offer"]] = relationship(back_populates="request", order_by="Offer.id")
    missions: Mapped[list["Mission"]] = relationship(
        back_populates="request", order_by="Mission.id"
    )
    steps: Mapped[list["EscalationStep"]] = relationship(order_by="EscalationStep.id")
