"""Writes the roster as a CSV file that the import reads back alike. Who took it is audited."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.tables import csv_lines, write_table
from roster.interchange.columns import COLUMNS
from roster.models import Expert, SkillClaim
from roster.rules import terms
from roster.rules.availability import available_text

AT_ONCE = 1000


def export_roster(session: Session, path: Path, now: datetime, *, actor: str) -> int:
    """Writes everybody on the roster to `path`, by e-mail; returns how many. Defuses formulas."""
    write_table(path, COLUMNS, rows_of(session, now))
    return note_export(session, now, actor=actor)


def export_lines(session: Session, now: datetime) -> Iterator[str]:
    """The same file line by line, marked as UTF-8 for spreadsheets that would guess otherwise."""
    yield "\ufeff"
    yield from csv_lines(COLUMNS, rows_of(session, now))


def note_export(session: Session, now: datetime, *, actor: str) -> int:
    """Notes that `actor` took the whole roster; returns how many people that are."""
    known = select(func.count()).select_from(Expert).where(Expert.erased_at.is_(None))
    count = session.scalar(known) or 0
    audit.record(
        session, actor=actor, action="roster.exported", subject="roster:all", now=now, rows=count
    )
    return count


def rows_of(session: Session, now: datetime) -> Iterator[dict[str, str]]:
    """Everybody on the roster in the columns of the contract, by e-mail."""
    return (row_of(expert, now) for expert in _everybody(session))


def row_of(expert: Expert, now: datetime) -> dict[str, str]:
    """One expert in the columns of the contract."""
    modes = [mode for mode in terms.MODES if getattr(expert, mode)]
    return {
        "name": expert.name,
        "email": expert.email,
        "phone": expert.phone,
        "language": expert.language,
        "country": expert.country,
        "region": expert.region,
        "base": expert.base,
        "lat": repr(expert.lat),
        "lon": repr(expert.lon),
        "time_zone": expert.time_zone,
        "languages": ";".join(sorted(language.code for language in expert.languages)),
        "skills": ";".join(sorted(map(_claim, expert.skills))),
        "modes": ";".join(modes),
        "max_missions": str(expert.max_missions),
        "conflicts": ";".join(sorted(conflict.code for conflict in expert.conflicts)),
        "status": expert.status,
        "valid_until": expert.valid_until.isoformat() if expert.valid_until else "",
        "available": available_text(expert, now),
    }


def _claim(claim: SkillClaim) -> str:
    # Also one that has ended: the file is the roster, not what somebody may be asked for.
    last_day = f":{claim.valid_until.isoformat()}" if claim.valid_until else ""
    return f"{claim.skill}:{claim.level}{last_day}"


def _everybody(session: Session) -> Iterator[Expert]:
    """All experts by e-mail, a batch at a time, so that a large roster fits."""
    last = ""
    while True:
        batch = session.scalars(
            select(Expert)
            .where(Expert.email > last, Expert.erased_at.is_(None))
            .order_by(Expert.email)
            .limit(AT_ONCE)
        ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].email
        for expert in batch:
            session.expunge(expert)
