"""What would happen to a report if it were filed now; writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.reference.models import CrisisKind, Office
from dispatch.case import need_for
from dispatch.choosing.candidates import Look, look
from dispatch.choosing.occupied import busy, load
from dispatch.models import CrisisRequest
from dispatch.policies import policy_for
from dispatch.reports import amending
from dispatch.reports.report import CrisisReport
from dispatch.rules.matching import choose_team
from roster.directory.waking import next_available
from roster.models import Expert
from roster.rules.terms import Candidate


@dataclass(frozen=True)
class Simulation:
    """Who is looked at and in which order, who of them is asked in the first wave, and the rest.

    `next_available` (UTC) is set when nobody is; `names` are those of the nearest left out.
    """

    title: str
    look: Look
    asked: list[Candidate]
    next_available: datetime | None
    names: dict[int, str]


def simulate(session: Session, report: CrisisReport, now: datetime, limit: int) -> Simulation:
    """What `report` would lead to at `now`, with at most `limit` candidates."""
    request = CrisisRequest(**amending.columns_of(report))
    # Added to no session, it loads nothing by itself.
    request.office = session.get_one(Office, report.office)
    request.kind_row = session.get_one(CrisisKind, report.kind)
    policy = policy_for(session, report.severity)
    need, skills = need_for(session, request, policy.hours)
    seen = look(session, need, now, limit)
    wanted = policy.wave_size(1) * report.experts_needed
    later = None
    if not seen.candidates:
        later = next_available(session, need, now, busy=busy(), load=load())
    ids = [one.id for one in seen.nearest]
    names = session.execute(select(Expert.id, Expert.name).where(Expert.id.in_(ids)))
    return Simulation(
        title=_title(request, policy.reply_window_s),
        look=seen,
        asked=choose_team(seen.candidates, wanted, slots=report.experts_needed, cover=skills.cover),
        next_available=later,
        names={row[0]: row[1] for row in names},
    )


def _title(request: CrisisRequest, window_s: int) -> str:
    where = request.place or request.office.seat_city
    return (
        f"{request.office.name_en}, {where} ({request.lat:.4f}, {request.lon:.4f}): "
        f"{request.kind}, severity {request.severity}, {window_s} s to answer"
    )
