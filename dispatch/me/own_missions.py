"""The missions of one expert, and the days that they took."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Mission
from dispatch.rules import terms
from roster.models import Expert


def missions_of(session: Session, expert: Expert) -> list[Mission]:
    """The missions that took place or still run, oldest first."""
    held = select(Mission).where(Mission.expert_id == expert.id, Mission.status != terms.WITHDRAWN)
    return list(session.scalars(held.order_by(Mission.id)).unique())


def running_of(session: Session, expert: Expert) -> list[Mission]:
    """Those of them that still run."""
    return [mission for mission in missions_of(session, expert) if mission.status in terms.ACTIVE]


def days_of(mission: Mission, zone: ZoneInfo, now: datetime) -> tuple[date, date]:
    """The first and the last day of a mission in `zone`; one that runs has lasted until `now`."""
    start, end = mission.accepted_at, mission.ended_at or now
    return start.astimezone(zone).date(), max(start, end).astimezone(zone).date()
