"""What a newcomer finds after `make run`: people to sign in as, 60 fictional experts, a few cases.

Only with DEMO=1. Goes through the same verbs as everybody; loading twice changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts import people
from core.accounts.models import User
from core.accounts.people import Details
from dispatch import answers, intake
from dispatch.models import CrisisRequest, EscalationPolicy
from dispatch.reports.report import read_report
from roster import registrar
from roster.models import Expert

ROSTER = Path(__file__).parent / "roster.csv"
PASSWORD = "harbour-violin-cactus-lamp"  # noqa: S105 - printed for everybody, on this machine only
WINDOW_S = 60
VETTERS = ("vetter1@demo.example", "vetter2@demo.example")
EVIDENCE = "Fictional file of the demonstration"


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as."""

    email: str
    role: str
    name: str
    phone: str = ""
    office: str = ""
    language: str = "en"


PEOPLE = (
    Person("focal@demo.example", "focal_point", "Ines Sawadogo", "+12025550180", "BF", "fr"),
    Person("focal.ma@demo.example", "focal_point", "Hicham Alaoui", "+12025550181", "MA", "ar"),
    Person("duty@demo.example", "duty_officer", "Dana Okoye", "+12025550190"),
    Person("vetter1@demo.example", "vetter", "Vera Lindqvist"),
    Person("vetter2@demo.example", "vetter", "Victor Osei"),
    # Two make up the interview panel, so that a third has to decide.
    Person("vetter3@demo.example", "vetter", "Thea Marsh"),
    Person("admin@demo.example", "admin", "Ada Fischer"),
    Person("auditor@demo.example", "auditor", "Aldo Marchetti"),
)
CASES = (
    {
        "office": "LK", "kind": "PAND", "severity": 3, "contact_name": "Nadeesha Silva",
        "contact_phone": "+12025550182",
        "summary": "Our premises are closed. Examiners work from home without the case files.",
    },
    {
        "office": "FJ", "kind": "NAT", "severity": 2, "contact_name": "Josefa Rabuka",
        "contact_phone": "+12025550183",
        "summary": "A cyclone took the roof of the registry. Paper files are wet.",
    },
    {
        "office": "JM", "kind": "OPS", "severity": 2, "contact_name": "Keisha Brown",
        "contact_phone": "+12025550184",
        "summary": "The data centre has had no power since last night; filing has stopped.",
    },
)  # fmt: skip


def is_loaded(session: Session) -> bool:
    """Whether the demonstration is in this database already."""
    return people.find(session, PEOPLE[0].email) is not None


def load_people(session: Session, now: datetime) -> None:
    """The accounts to sign in with."""
    for person in PEOPLE:
        details = Details(
            email=person.email, roles=(person.role,), name=person.name, phone=person.phone,
            office=person.office, language=person.language,
        )  # fmt: skip
        people.create(session, details, actor="system", now=now, password=PASSWORD)


def load_absences(session: Session, now: datetime) -> None:
    """One expert is away, one suspended: so that one sees why somebody is not asked."""
    away, suspended = session.scalars(
        select(Expert).where(Expert.country.in_(("ET", "MN"))).order_by(Expert.country)
    )
    registrar.set_away(session, away, now + timedelta(days=30), actor="system", now=now)
    registrar.suspend(session, suspended, "Contract ended", actor="system", now=now)


def shorten_waits(session: Session) -> None:
    """The gravest severity waits a minute, so that a newcomer sees the ladder climb."""
    policy = session.get_one(EscalationPolicy, 1)
    policy.reply_window_s, policy.second_channel_s, policy.edited = WINDOW_S, WINDOW_S // 2, True


def load_cases(session: Session, now: datetime) -> None:
    """Three cases: one that somebody is on, one that is searching, one that waits for a call."""
    officer = people.find(session, "duty@demo.example")
    helped, _searching = (_file(session, report, officer, now) for report in CASES[:2])
    for offer in [offer for offer in helped.offers if offer.status == "open"][:1]:
        answers.answer_offer(session, offer, accept=True, received_at=now, via="link")
    _file(session, CASES[2], None, now)


def _file(
    session: Session, report: dict[str, object], filer: User | None, now: datetime
) -> CrisisRequest:
    through = "desk" if filer else "form"
    filed = intake.file_request(session, read_report(report), filer=filer, through=through, now=now)
    session.flush()
    session.refresh(filed.request)
    return filed.request
