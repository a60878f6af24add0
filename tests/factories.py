"""People for tests: accounts with roles, experts whom two real vetters have let onto the roster.

Small on purpose. Everything is made inside `writing()`, so it is committed when the call returns,
unless the test has its own `writing()` around it. Phones and names are fictional.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.accounts import people
from core.accounts.models import User
from core.accounts.people import Details
from core.db import writing
from core.reference.models import Office
from roster.models import Absence, Conflict, Expert, ExpertLanguage, SkillClaim, WeeklyHours
from roster.rules import terms

VETTERS = ("first.vetter@example.org", "second.vetter@example.org")
_numbers = itertools.count(1)


def make_user(
    session: Session,
    *roles: str,
    email: str = "",
    name: str = "",
    office: str = "",
    phone: str = "",
    language: str = "",
    password: str | None = None,
) -> User:
    """An account with `roles` (a focal point of UA unless `office` says otherwise)."""
    number = next(_numbers)
    details = Details(
        email=email or f"person{number}@example.org",
        roles=roles,
        name=name or f"Person {number}",
        phone=phone,
        office=office or ("UA" if "focal_point" in roles else ""),
        language=language,
    )
    with writing():
        now = clock.now(session)
        return people.create(session, details, actor="system", now=now, password=password)


def make_expert(
    session: Session,
    *,
    skills: Mapping[str, int] | Iterable[str] = ("BCP",),
    languages: Iterable[str] = ("en",),
    conflicts: Iterable[str] = (),
    away: Iterable[tuple[Any, Any]] = (),
    weekly: Iterable[tuple[int, int, int]] = (),
    **columns: Any,
) -> Expert:
    """An expert in Geneva who may be asked for anything that BCP and English are enough for.

    Listed and valid for a year, vetted by one real vetter and approved by another. `skills` are
    codes (level 2) or levels by code; `away` (start, end), `weekly` (weekday, start, end: minutes).
    All else goes to the columns of `Expert`: `lat=…, lon=…, time_zone=…, status=…`.
    """
    number = next(_numbers)
    levels = skills if isinstance(skills, Mapping) else dict.fromkeys(skills, terms.DEFAULT_LEVEL)
    with writing():
        now = clock.now(session)
        expert = Expert(**(_usual(session, number, now) | columns))
        expert.languages = [ExpertLanguage(code=code) for code in languages]
        expert.skills = [SkillClaim(skill=code, level=level) for code, level in levels.items()]
        expert.conflicts = [Conflict(code=code) for code in conflicts]
        expert.absences = [Absence(starts_at=start, ends_at=end) for start, end in away]
        expert.weekly = [WeeklyHours(weekday=d, start=start, end=end) for d, start, end in weekly]
        session.add(expert)
        session.flush()
        return expert


def _usual(session: Session, number: int, now: datetime) -> dict[str, Any]:
    """The columns of the `number`th expert, if the test says nothing else."""
    first, second = (_vetter_id(session, email) for email in VETTERS)
    return {
        "name": f"Expert {number}",
        "email": f"expert{number}@example.org",
        "phone": f"+4122555{number:04d}",
        "country": "CH",
        "region": "TDC",
        "base": "Geneva",
        "lat": 46.2022,
        "lon": 6.1457,
        "time_zone": "Europe/Zurich",
        "status": terms.LISTED,
        "valid_until": (now + timedelta(days=365)).date(),
        "vetted_by": first,
        "approved_by": second,
        "evidence": "Examined for the tests.",
        "identified_at": now,
        "validated_at": now,
        "updated_at": now,
    }


def vetter(session: Session, email: str) -> User:
    """The vetter with this address, made when there is none yet."""
    found = session.scalar(select(User).where(User.email == email))
    return found or make_user(session, "vetter", email=email)


def _vetter_id(session: Session, email: str) -> int:
    """Their id alone: with their roles and all, they would be loaded anew for each expert."""
    found = session.scalar(select(User.id).where(User.email == email))
    return found or vetter(session, email).id


def office(session: Session, code: str = "UA") -> Office:
    """The shipped office `code`; KeyError when there is none."""
    found = session.get(Office, code)
    if found is None:
        raise KeyError(code)
    return found
