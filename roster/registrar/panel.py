"""Panel member and listed in IP-ROC: states of their own, which no examination sets by itself."""

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from roster.models import Expert
from roster.registrar.casefacts import CaseError
from roster.registrar.news import tell
from roster.registrar.standing import hold_standing
from roster.rules.terms import LISTED, QUALIFIED, VETTED

NOT_QUALIFIED, NO_REFERENCE, BAD_DAY, NOT_LISTED = (
    "not_qualified",
    "no_reference",
    "bad_day",
    "not_listed",
)
LONGEST_REFERENCE = 60


def join_panel(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Makes a qualified expert a member of the panel. Raises CaseError for anybody else."""
    hold_standing(session, expert)
    _check_valid(expert, now, VETTED)
    if expert.panel_since is None:
        expert.panel_since = now.astimezone(UTC).date()
        tell(session, expert, "panel_joined", actor=actor, now=now)


def leave_panel(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Ends the membership; their standing stays as it is."""
    hold_standing(session, expert)
    if expert.panel_since is not None:
        since, expert.panel_since = expert.panel_since, None
        tell(session, expert, "panel_left", actor=actor, now=now, since=since.isoformat())


def list_in_iproc(
    session: Session, expert: Expert, reference: str, on: date, *, actor: str, now: datetime
) -> None:
    """Notes that a qualified expert is listed in IP-ROC under `reference` since the day `on`.

    Raises CaseError for anybody else, without a reference, and for a day to come.
    """
    hold_standing(session, expert)
    _check_valid(expert, now, (QUALIFIED,))
    if not reference.strip() or len(reference.strip()) > LONGEST_REFERENCE:
        raise CaseError(NO_REFERENCE, _("Give the reference in IP-ROC, in 60 characters at most."))
    if on > now.astimezone(UTC).date():
        raise CaseError(BAD_DAY, _("The day of the listing cannot be in the future."))
    expert.status, expert.listed_at, expert.iproc_reference = LISTED, on, reference.strip()
    tell(session, expert, "listed", actor=actor, now=now, reference=expert.iproc_reference,
         on=on.isoformat())  # fmt: skip


def delist(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Takes a listed expert out of IP-ROC; they stay qualified. Raises CaseError."""
    hold_standing(session, expert)
    if expert.status != LISTED:
        raise CaseError(NOT_LISTED, _("This expert is not listed in IP-ROC."))
    reference = expert.iproc_reference
    expert.status, expert.listed_at, expert.iproc_reference = QUALIFIED, None, ""
    tell(session, expert, "delisted", actor=actor, now=now, reference=reference)


def _check_valid(expert: Expert, now: datetime, statuses: tuple[str, ...]) -> None:
    today = now.astimezone(UTC).date()
    if expert.status not in statuses or expert.valid_until is None or expert.valid_until < today:
        raise CaseError(NOT_QUALIFIED, _("Only a qualified expert can be given this."))
