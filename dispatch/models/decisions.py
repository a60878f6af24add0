"""Why somebody was asked: what each choice looked at, kept for those who ask later."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UTCDateTime
from dispatch.models.constraints import partial


class Decision(Base):
    """One choice of whom to ask. Names nobody: experts are public ids, so erasure leaves it be.

    `candidates` are the first fifty, the first to ask first, with distance (km) and facts: those
    who were looked at, and behind them whoever would have come next. `excluded` has the counts by
    reason and the nearest of them. These two are filled in after the texts have left: the one
    measures many distances, the other looks at everybody.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_request", "request_id"),
        partial("ix_decision_unexplained", "id", where="excluded IS NULL"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("crisis_request.id"))
    wave: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    excluded: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
