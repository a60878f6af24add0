"""Absences: noted, ended, and the short way of a text: away until then, back now."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from roster.models import Absence, Expert
from roster.registrar.news import tell
from roster.rules.availability import available_text, end_of_day


def add_absence(
    session: Session,
    expert: Expert,
    first_day: date,
    last_day: date | None,
    why: str = "",
    *,
    actor: str,
    now: datetime,
) -> Absence:
    """Notes that the expert is away from `first_day` to `last_day`, both included, where they live.

    Without `last_day` the absence lasts until somebody ends it. Raises ValueError when it would
    end before it begins.
    """
    if last_day is not None and last_day < first_day:
        raise ValueError("an absence must not end before it begins")
    start = datetime.combine(first_day, time(), ZoneInfo(expert.time_zone)).astimezone(UTC)
    end = end_of_day(last_day, expert.time_zone) if last_day else None
    absence = Absence(starts_at=start, ends_at=end, reason=why.strip()[:200])
    return _add(session, expert, absence, actor, now)


def end_absence(
    session: Session, expert: Expert, absence: Absence, *, actor: str, now: datetime
) -> None:
    """Ends one absence now; one that has not begun is taken back."""
    if absence.starts_at >= now:
        expert.absences.remove(absence)
    elif absence.ends_at is None or absence.ends_at > now:
        absence.ends_at = now
    else:
        return
    tell(session, expert, "absence_ended", actor=actor, now=now,
         start=absence.starts_at.isoformat())  # fmt: skip


def set_away(
    session: Session, expert: Expert, until: datetime | None, *, actor: str, now: datetime
) -> Absence:
    """Away from now until `until` (excluded), in place of what said so before; None: until back."""
    for absence in _present(expert, now):
        absence.ends_at = now
    return _add(session, expert, Absence(starts_at=now, ends_at=until), actor, now)


def end_absences(session: Session, expert: Expert, *, actor: str, now: datetime) -> bool:
    """The expert is back: ends what keeps them away now, not what is planned. False if nothing."""
    present = _present(expert, now)
    for absence in present:
        absence.ends_at = now
    if present:
        tell(session, expert, "back", actor=actor, now=now)
    return bool(present)


def set_availability(expert: Expert, available: str | date | None, now: datetime) -> bool:
    """Makes `available` true: `yes`, `no` or the last day away; None leaves it. True if it was not.

    For the import, which leaves the audit row and the news itself.
    """
    until = end_of_day(available, expert.time_zone) if isinstance(available, date) else None
    word = "yes" if until is not None and until <= now else available
    said = f"away until {word.isoformat()}" if isinstance(word, date) else word
    if said is None or said == available_text(expert, now):
        return False
    for absence in _present(expert, now):
        absence.ends_at = now
    if said != "yes":
        expert.absences.append(Absence(starts_at=now, ends_at=until))
    return True


def _present(expert: Expert, now: datetime) -> list[Absence]:
    return [
        absence
        for absence in expert.absences
        if absence.starts_at <= now and (absence.ends_at is None or absence.ends_at > now)
    ]


def _add(session: Session, expert: Expert, absence: Absence, actor: str, now: datetime) -> Absence:
    expert.absences.append(absence)
    end = absence.ends_at.isoformat() if absence.ends_at else None
    start = absence.starts_at.isoformat()
    tell(session, expert, "away", actor=actor, now=now, start=start, end=end)
    return absence
