"""A small world for the tests of dispatch: offices, people, experts on a line, and time."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import db, writing
from dispatch import intake
from dispatch.advance import advance, advance_due
from dispatch.intake import Filed
from dispatch.models import Attempt, CrisisRequest, Mission, Offer
from dispatch.reports.report import CrisisReport, read_report
from roster.models import Expert
from tests.factories import make_expert, make_user

OFFICE, OTHER_OFFICE = "UA", "FR"
SEAT = (50.4547, 30.5238)  # Kyiv, where that office is
SKILLS = ("BCP", "CIR", "CMT", "COM", "DRB", "FIN", "LEG", "ONL", "RRC")


class World:
    """Everything a test does, in transactions of its own, at the application's present."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    @property
    def session(self) -> Session:
        """A session that sees what everybody has committed."""
        db.session.rollback()
        return db.session()

    @property
    def now(self) -> datetime:
        """The present in UTC."""
        return clock.now(db.session())

    def forward(self, **by: float) -> None:
        """Moves time on, such as `minutes=5`."""
        self._offset += timedelta(**by)
        clock.set_offset(current_app, self._offset)
        db.session.rollback()  # which has read the present of before

    def tick(self) -> int:
        """What the worker does."""
        return advance_due(self.now)

    def person(self, *roles: str, **details: str) -> User:
        """An account."""
        return make_user(self.session, *roles, **details)

    def focal_point(self, office: str = OFFICE, **details: str) -> User:
        """Somebody who may ask for `office`."""
        return self.person("focal_point", office=office, **details)

    def officer(self, **details: str) -> User:
        """A duty officer."""
        return self.person("duty_officer", **details)

    def expert(self, east: float, **columns: Any) -> Expert:
        """A vetted expert `east` degrees of longitude of the seat, on whom no filter stands."""
        usual: dict[str, Any] = {
            "lat": SEAT[0], "lon": SEAT[1] + east, "country": "PL", "time_zone": "UTC",
            "language": "en", "skills": SKILLS, "languages": ("en", "uk"),
        }  # fmt: skip
        return make_expert(self.session, **(usual | columns))

    def experts(self, how_many: int, **columns: Any) -> list[Expert]:
        """Experts one degree apart, the nearest first."""
        return [self.expert(1 + place, **columns) for place in range(how_many)]

    def retire_everybody(self) -> None:
        """Takes all experts off the roster, so that the next ones are the only ones."""
        with writing() as session:
            session.execute(update(Expert).values(status="removed"))

    def report(self, **changes: Any) -> CrisisReport:
        """A report of the usual crisis, changed."""
        return read_report(report(**changes))

    def file(
        self, filer: User | None = None, key: tuple[str, str] | None = None, **changes: Any
    ) -> CrisisRequest:
        """Files a request: as a focal point of its office, unless somebody else is named."""
        office = changes.get("office", OFFICE)
        return self.file_as(filer or self.focal_point(office), key, **changes).request

    def file_as(
        self, filer: User | None, key: tuple[str, str] | None = None, **changes: Any
    ) -> Filed:
        """Files a request as `filer`, None for a stranger."""
        crisis = self.report(**changes)
        with writing() as session:
            return intake.file_request(
                session, crisis, filer=filer, through="form", now=clock.now(session),
                idempotency=key,
            )  # fmt: skip

    def advance(self, request: CrisisRequest) -> None:
        """Advances one request."""
        with writing() as session:
            advance(session, request, clock.now(session))

    def ladder(self, request: CrisisRequest) -> list[tuple[str, str]]:
        """Who was asked, in order, and what became of it: (name, status)."""
        rows = self.session.execute(
            select(Expert.name, Offer.status)
            .join(Expert, Expert.id == Offer.expert_id)
            .where(Offer.request_id == request.id)
            .order_by(Offer.id)
        )
        return [(name, status) for name, status in rows]

    def offer_to(self, expert: Expert) -> Offer:
        """The latest offer to `expert`."""
        query = select(Offer).where(Offer.expert_id == expert.id).order_by(Offer.id.desc())
        return self.session.scalars(query.limit(1)).one()

    def missions(self, request: CrisisRequest) -> list[Mission]:
        """The missions of `request`."""
        query = select(Mission).where(Mission.request_id == request.id).order_by(Mission.id)
        return list(self.session.scalars(query))

    def told(self, to: str) -> list[str]:
        """The purposes of the texts to this number, in order."""
        query = select(Attempt.purpose).where(Attempt.to == to, Attempt.channel == "sms")
        return list(self.session.scalars(query.order_by(Attempt.id)))


def report(**changes: Any) -> dict[str, Any]:
    """The usual crisis as the API takes it."""
    usual = {
        "office": OFFICE, "kind": "CYB", "severity": 1, "summary": "Ransomware on all servers.",
        "languages": ["en"], "local_experts_safe": True,
    }  # fmt: skip
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}
