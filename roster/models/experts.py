"""Experts and what the roster knows of them. No crisis is known here.

What follows from other columns is not stored, with one exception: the unit vectors of the base and
the present place, and their cells, kept so that the database can order by distance (docs/adr/0002)
and look nearby (docs/matching.md).
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UTCDateTime, public_id
from roster.rules import terms
from roster.rules.cells import cell_of
from roster.rules.geodesy import unit_vector

IN_STATUSES = ", ".join(f"'{status}'" for status in terms.STATUSES)
# Whose phone it is: somebody vetted, or who has shown it, or whom HR has entered with it. What an
# applicant has only typed is nobody's, or they could keep the owner of that number away.
HOLDS_PHONE = text(
    "two_way OR phone_proved_at IS NOT NULL OR status IN ('qualified', 'listed', 'expired') "
    "OR status_before IN ('qualified', 'listed', 'expired')"
)
IN_SCOPES = ", ".join(f"'{scope}'" for scope in terms.SCOPES)
OWNED = "all, delete-orphan"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Expert(Base):
    """A person on the roster, from applicant to removed."""

    __tablename__ = "expert"
    __table_args__ = (
        CheckConstraint(f"status IN ({IN_STATUSES})", name="status"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="position"),
        CheckConstraint("max_missions >= 0", name="limit"),
        CheckConstraint(f"scope IN ({IN_SCOPES})", name="scope"),
        Index("ix_expert_status", "status", "valid_until"),
        Index("ix_expert_look", "look_at"),
        Index("ix_expert_name", "name", "id"),
        Index("ix_expert_phone", "phone"),
        Index(
            "uq_expert_phone", "phone", unique=True,
            sqlite_where=HOLDS_PHONE, postgresql_where=HOLDS_PHONE,
        ),
        # Two different people, at the deepest layer: nobody is vetted and approved by the same.
        CheckConstraint(
            "status NOT IN ('qualified', 'listed') OR "
            "(vetted_by IS NOT NULL AND approved_by IS NOT NULL AND vetted_by <> approved_by)",
            name="two_people",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(26), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12), default="en")
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    base: Mapped[str] = mapped_column(String(200), default="")
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    time_zone: Mapped[str] = mapped_column(String(60), index=True)
    remote: Mapped[bool] = mapped_column(Boolean, default=True)
    on_site: Mapped[bool] = mapped_column(Boolean, default=True)
    max_missions: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[str] = mapped_column(String(12), default=terms.APPLICANT)
    valid_until: Mapped[date | None] = mapped_column(Date)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    # Whether a text to this phone can be answered: believed until disproved.
    two_way: Mapped[bool] = mapped_column(Boolean, default=True)
    # When somebody last answered from this phone to show that it is theirs.
    phone_proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opted_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # A phone that the carriers refuse for good; other channels remain.
    sms_failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    present_place: Mapped[str] = mapped_column(String(200), default="")
    present_lat: Mapped[float | None] = mapped_column(Float)
    present_lon: Mapped[float | None] = mapped_column(Float)
    present_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    x: Mapped[float] = mapped_column(Float, default=0.0)
    y: Mapped[float] = mapped_column(Float, default=0.0)
    z: Mapped[float] = mapped_column(Float, default=0.0)
    cell: Mapped[int] = mapped_column(BigInteger, default=0)
    present_x: Mapped[float | None] = mapped_column(Float)
    present_y: Mapped[float | None] = mapped_column(Float)
    present_z: Mapped[float | None] = mapped_column(Float)
    present_cell: Mapped[int | None] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    vetted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    suspended_reason: Mapped[str] = mapped_column(String(500), default="")
    status_before: Mapped[str] = mapped_column(String(12), default="")
    identified_at: Mapped[datetime] = mapped_column(UTCDateTime)
    validated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # When they last said that they still want to be asked.
    reconfirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Panel member and listed in IP-ROC are states of their own, beside `status`.
    panel_since: Mapped[date | None] = mapped_column(Date)
    listed_at: Mapped[date | None] = mapped_column(Date)
    iproc_reference: Mapped[str] = mapped_column(String(60), default="")
    scope: Mapped[str] = mapped_column(String(10), default=terms.GLOBAL)
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When it is next seen to what falls due for them (roster.staying): at once, at first.
    look_at: Mapped[datetime] = mapped_column(UTCDateTime, default=BEGINNING)

    languages: Mapped[list["ExpertLanguage"]] = relationship(cascade=OWNED, lazy="selectin")
    skills: Mapped[list["SkillClaim"]] = relationship(cascade=OWNED, lazy="selectin")
    conflicts: Mapped[list["Conflict"]] = relationship(cascade=OWNED, lazy="selectin")
    absences: Mapped[list["Absence"]] = relationship(cascade=OWNED, lazy="selectin")
    weekly: Mapped[list["WeeklyHours"]] = relationship(cascade=OWNED, lazy="selectin")


@event.listens_for(Expert, "before_insert")
@event.listens_for(Expert, "before_update")
def _keep_vectors(_mapper: Any, _connection: Any, expert: Expert) -> None:
    # The only place that writes them, so that they never disagree with the coordinates.
    base = expert.x, expert.y, expert.z = unit_vector(expert.lat, expert.lon)
    expert.cell, expert.present_cell = cell_of(base), None
    here: tuple[float | None, float | None, float | None] = (None, None, None)
    if expert.present_lat is not None and expert.present_lon is not None:
        here = there = unit_vector(expert.present_lat, expert.present_lon)
        expert.present_cell = cell_of(there)
    expert.present_x, expert.present_y, expert.present_z = here


class ExpertLanguage(Base):
    """A language in which an expert can work."""

    __tablename__ = "expert_language"
    __table_args__ = (Index("ix_expert_language_code", "code", "expert_id"),)

    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(12), primary_key=True)


class SkillClaim(Base):
    """A skill and its level: 1 aware, 2 practised, 3 led it in a real crisis."""

    __tablename__ = "skill_claim"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("ix_skill_claim_skill", "skill", "level", "expert_id", "valid_until"),
    )

    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, default=terms.DEFAULT_LEVEL)
    # What the expert says it rests on, and the last day on which it counts (a certificate's).
    evidence: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[date | None] = mapped_column(Date)


class Conflict(Base):
    """A country (ISO 3166-1) or an office (ST.3) for which this expert must not work."""

    __tablename__ = "conflict"

    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(10), primary_key=True)


class Absence(Base):
    """Away from `starts_at` until `ends_at` (UTC, excluded); without an end, until ended."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_expert", "expert_id", "ends_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")


class WeeklyHours(Base):
    """Hours in which an expert may be asked, in their own zone; none at all means always."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint('weekday BETWEEN 0 AND 6 AND start < "end"', name="span"),
        Index("ix_weekly_hours_expert", "expert_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id", ondelete="CASCADE"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    start: Mapped[int] = mapped_column(SmallInteger)
    end: Mapped[int] = mapped_column(SmallInteger)
