"""What keeps the machine honest: what it could not finish, and whether it is alive."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime
from dispatch.models.constraints import partial


class Incident(Base):
    """Something the machine could not finish and a duty officer must see; `key` once while open."""

    __tablename__ = "incident"
    __table_args__ = (partial("uq_incident_open", "key", where="cleared_at IS NULL", unique=True),)

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
