"""How an applicant becomes qualified: examined by one vetter, approved by another, by no other way.

The same is held by a constraint of the table, so that no code can get round it.
"""

from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert
from roster.registrar.news import tell
from roster.registrar.standing import WrongStandingError
from roster.rules.terms import APPLICANT, QUALIFIED, SUSPENDED
from roster.rules.vetting import Person, default_validity, same_person

VETTER = "vetter"


class NotTwoPeopleError(ValueError):
    """An approval that is not by two different vetters, or by the expert; its text says which."""


def check_vetters(first: User, second: User) -> None:
    """Raises NotTwoPeopleError unless these are two different people, both vetters."""
    for user in (first, second):
        if not user.is_a(VETTER):
            raise NotTwoPeopleError(_("%(email)s is not a vetter.", email=user.email))
    if same_person(Person(first.id, first.email), Person(second.id, second.email)):
        raise NotTwoPeopleError(_("One person cannot vet and approve: name two different ones."))


def check_not_themself(themself: Person, *vetters: User) -> None:
    """Raises NotTwoPeopleError when one of `vetters` is the expert."""
    for vetter in vetters:
        if same_person(themself, Person(vetter.id, vetter.email, vetter.phone or "")):
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
    check_vetters(vetted_by, approved_by)
    themself = Person(expert.user_id, expert.email, expert.phone)
    check_not_themself(themself, vetted_by, approved_by)
    if not evidence.strip():
        raise ValueError(_("Nobody is qualified without evidence."))
    if expert.status != APPLICANT or status == APPLICANT:
        raise WrongStandingError(expert.status, status)
    expert.vetted_by, expert.approved_by = vetted_by.id, approved_by.id
    expert.evidence, expert.validated_at = evidence.strip(), now
    expert.valid_until = valid_until or default_validity(now.astimezone(UTC).date())
    expert.status, expert.status_before = status, QUALIFIED if status == SUSPENDED else ""
    tell(
        session, expert, "vetted", actor=actor, now=now, status=status,
        vetted_by=vetted_by.public_id, approved_by=approved_by.public_id, evidence=expert.evidence,
        valid_until=expert.valid_until.isoformat(), **told,
    )  # fmt: skip
