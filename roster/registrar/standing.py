"""Suspension and its end, and expiry. Nobody becomes deployable here who was not before."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from roster.models import Expert
from roster.registrar.news import tell
from roster.rules.terms import APPLICANT, EXPIRED, SUSPENDED, VETTED
from roster.rules.vetting import may_follow

LONGEST_REASON = 500
# What others may have changed since the expert was read.
CHANGING = (
    "status", "status_before", "panel_since", "listed_at", "iproc_reference", "user_id",
    "erased_at",
)  # fmt: skip


class WrongStandingError(ValueError):
    """A state that must not follow the present one; its text says so to a person."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(_("Nothing was done: the expert's present state does not allow it."))
        self.old, self.new = old, new


def hold_standing(session: Session, expert: Expert) -> None:
    """Reads the standing of `expert` again, and keeps others from changing it meanwhile.

    Whoever also holds a case or a request holds that first, so that nobody waits in a circle.
    """
    session.flush()
    session.refresh(expert, CHANGING, with_for_update={"of": Expert, "key_share": True})


def suspend(session: Session, expert: Expert, reason: str, *, actor: str, now: datetime) -> None:
    """Ends the expert's availability at once, whatever they are being asked at the moment.

    Raises WrongStandingError for somebody suspended or removed already.
    """
    hold_standing(session, expert)
    _check(expert, SUSPENDED)
    expert.status_before, expert.status = expert.status, SUSPENDED
    expert.suspended_reason = reason.strip()[:LONGEST_REASON]
    tell(session, expert, "suspended", actor=actor, now=now,
         reason=expert.suspended_reason, before=expert.status_before)  # fmt: skip


def reinstate(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Brings a suspended expert back to the state they had before, and to no other.

    Raises WrongStandingError for somebody who is not suspended.
    """
    hold_standing(session, expert)
    back = expert.status_before or APPLICANT
    if expert.status != SUSPENDED:
        raise WrongStandingError(expert.status, back)
    _check(expert, back)
    expert.status, expert.status_before, expert.suspended_reason = back, "", ""
    tell(session, expert, "reinstated", actor=actor, now=now, status=back)


def expire(session: Session, expert: Expert, why: str, *, actor: str, now: datetime) -> None:
    """Ends the standing of somebody qualified or listed; `why` is a word for the audit.

    Only a renewal, by two people, brings them back. Of somebody suspended it is the state that
    the suspension will end with. Raises WrongStandingError for anybody else.
    """
    hold_standing(session, expert)
    if expert.status in VETTED:
        expert.status = EXPIRED
    elif expert.status == SUSPENDED and expert.status_before in VETTED:
        expert.status_before = EXPIRED
    else:
        raise WrongStandingError(expert.status, EXPIRED)
    expert.panel_since = None
    tell(session, expert, "expired", actor=actor, now=now, why=why)


def _check(expert: Expert, new: str) -> None:
    if not may_follow(expert.status, new, expert.status_before):
        raise WrongStandingError(expert.status, new)
