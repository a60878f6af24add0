"""How people become qualified and stay so: examined by one vetter, approved by another, only so.

The same is held by a constraint of the table, so that no code can get round it.
"""

from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert
from roster.registrar.casefacts import VETTER, person
from roster.registrar.news import tell
from roster.registrar.standing import WrongStandingError
from roster.rules.terms import APPLICANT, EXPIRED, QUALIFIED, SUSPENDED, VETTED
from roster.rules.vetting import Person, default_validity, same_person


class NotTwoPeopleError(ValueError):
    """An approval that is not by two different vetters, or by the expert; its text says which."""


def check_vetters(first: User, second: User) -> None:
    """Raises NotTwoPeopleError unless these are two different people, both vetters."""
    for user in (first, second):
        if not user.is_a(VETTER):
            raise NotTwoPeopleError(_("%(email)s is not a vetter.", email=user.email))
    if same_person(person(first), person(second)):
        raise NotTwoPeopleError(_("One person cannot vet and approve: name two different ones."))


def check_not_themself(themself: Person, *vetters: User) -> None:
    """Raises NotTwoPeopleError when one of `vetters` is the expert."""
    for vetter in vetters:
        if same_person(themself, person(vetter)):
            raise NotTwoPeopleError(_("Nobody can vet or approve themself."))


def raise_to(
    session: Session,
    expert: Expert,
    status: str,
    *,
    vetted_by: User,
    approved_by: User,
    evidence: str,
    actor: str,
    now: datetime,
    valid_until: date | None = None,
    **told: Any,
) -> None:
    """Lets a stored applicant onto the roster as `status`, valid to the end of `valid_until`.

    36 months without `valid_until`. `status` may also be what became of them since (suspended,
    expired, removed): they were qualified before. `told` is added to the audit row. Raises
    NotTwoPeopleError, WrongStandingError for anybody but an applicant, and ValueError without
    evidence.
    """
    _check(expert, vetted_by, approved_by, evidence)
    if expert.status != APPLICANT or status == APPLICANT:
        raise WrongStandingError(expert.status, status)
    expert.vetted_by, expert.approved_by = vetted_by.id, approved_by.id
    expert.evidence, expert.validated_at = evidence.strip(), now
    expert.valid_until = valid_until or default_validity(now.astimezone(UTC).date())
    expert.status, expert.status_before = status, QUALIFIED if status == SUSPENDED else ""
    tell(
        session, expert, "vetted", actor=actor, now=now, status=status,
        vetted_by=vetted_by.public_id, approved_by=approved_by.public_id, evidence=expert.evidence,
        valid_until=expert.valid_until.isoformat() if expert.valid_until else None, **told,
    )  # fmt: skip


def renew(
    session: Session,
    expert: Expert,
    *,
    vetted_by: User,
    approved_by: User,
    evidence: str,
    actor: str,
    now: datetime,
    valid_until: date | None = None,
) -> None:
    """Extends the validity of somebody qualified, listed or expired, as `raise_to` gives it.

    Who had expired is qualified again, and is not listed before somebody lists them. Raises
    NotTwoPeopleError, WrongStandingError for anybody else, and ValueError without evidence.
    """
    _check(expert, vetted_by, approved_by, evidence)
    if expert.status not in {*VETTED, EXPIRED}:
        raise WrongStandingError(expert.status, QUALIFIED)
    expert.vetted_by, expert.approved_by = vetted_by.id, approved_by.id
    expert.evidence, expert.validated_at = evidence.strip(), now
    expert.valid_until = valid_until or default_validity(now.astimezone(UTC).date())
    if expert.status == EXPIRED:
        expert.status, expert.listed_at, expert.iproc_reference = QUALIFIED, None, ""
    tell(
        session, expert, "renewed", actor=actor, now=now, status=expert.status,
        vetted_by=vetted_by.public_id, approved_by=approved_by.public_id, evidence=expert.evidence,
        valid_until=expert.valid_until.isoformat() if expert.valid_until else None,
    )  # fmt: skip


def _check(expert: Expert, vetted_by: User, approved_by: User, evidence: str) -> None:
    check_vetters(vetted_by, approved_by)
    themself = Person(expert.user_id, expert.email, expert.phone)
    check_not_themself(themself, vetted_by, approved_by)
    if not evidence.strip():
        raise ValueError(_("Nobody is qualified without evidence."))
