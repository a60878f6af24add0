"""The decision of a case by a second person, and the appeal against a refusal.

Nobody decides about themself or what they have examined: held here, and by the database.
"""

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Certificate, Expert, VettingCase
from roster.registrar import admission, verdicts
from roster.registrar.accounts import WayIn, open_way_in
from roster.registrar.casefacts import (
    BAD_DECISION,
    BAD_KIND,
    VETTER,
    CaseError,
    facts_of,
    objection_to,
    person,
)
from roster.registrar.cases import LONGEST_TEXT, hold, keep_claims, open_case
from roster.registrar.news import tell
from roster.registrar.standing import expire
from roster.rules import casework, stages, terms
from roster.rules.vetting import default_validity, same_person

# Whom a good decision lets in, by the kind of the case; a review changes nobody's standing.
ADMITTED = {
    stages.APPLICATION: {terms.APPLICANT},
    stages.RENEWAL: {*terms.VETTED, terms.EXPIRED},
    stages.APPEAL: {terms.APPLICANT, terms.EXPIRED},
    stages.REVIEW: {*terms.VETTED, terms.SUSPENDED, terms.EXPIRED},
}


def decide(
    session: Session,
    case: VettingCase,
    qualified: bool,
    *,
    decider: User,
    now: datetime,
    reasons: str = "",
    comment: str = "",
    valid_until: date | None = None,
) -> str:
    """Ends the case and tells the applicant. Raises CaseError, and then nothing was changed.

    The mail leads whoever is on the roster then to an account. When none can be made, that undoes
    nothing: why is returned, a sentence for the decider; else nothing.

    `qualified`: the skills get the levels that were found, who applied is let onto the roster and
    whose time runs out is renewed, to the end of `valid_until` (36 months unless said). Otherwise
    `reasons` go to the applicant, who stays one; a renewal that is refused ends in `expired`.
    `comment` stays with the vetters.
    """
    hold(session, case)
    session.refresh(case.expert, with_for_update={"of": Expert})
    if against := objection_to(session, case, decider, qualified):
        raise CaseError(against)
    if qualified:
        _check_good(case, now, valid_until)
        _qualify(session, case, decider, now, valid_until)
    elif not reasons.strip():
        raise CaseError(BAD_DECISION, _("Give the reasons: the applicant is told."))
    else:
        _refuse(session, case, decider, now)
    case.state = stages.QUALIFIED if qualified else stages.REFUSED
    case.decided_at, case.decider = now, decider
    case.reasons = "" if qualified else reasons.strip()[:LONGEST_TEXT]
    case.comment = comment.strip()[:LONGEST_TEXT]
    return _make_known(session, case, decider.public_id, now)


def appeal(
    session: Session, case: VettingCase, words: str, *, actor: str, now: datetime
) -> VettingCase:
    """Opens a new case that goes on from what `case` found; `case` stays as it was decided.

    For 90 days, once per refusal. `words` are what the applicant says against it. Raises CaseError.
    """
    hold(session, case)
    again = session.scalar(select(VettingCase.id).where(VettingCase.appeal_of == case.id).limit(1))
    against = casework.may_appeal(case.kind, case.state, case.decided_at, again is not None, now)
    if against:
        raise CaseError(against)
    if not words.strip():
        raise CaseError(BAD_DECISION, _("Say why the decision should be looked at again."))
    new = open_case(session, case.expert, stages.APPEAL, actor=actor, now=now, appeal_of=case)
    new.words, new.declared = words.strip()[:LONGEST_TEXT], case.declared
    return new


def _check_good(case: VettingCase, now: datetime, valid_until: date | None) -> None:
    today = now.astimezone(UTC).date()
    if case.expert.status not in ADMITTED[case.kind]:
        raise CaseError(BAD_KIND)
    if valid_until is not None and not today < valid_until <= default_validity(today):
        raise CaseError(BAD_DECISION, _("The last valid day must be within the next 36 months."))


def _qualify(
    session: Session, case: VettingCase, decider: User, now: datetime, valid_until: date | None
) -> None:
    expert = case.expert
    examiner = _examiner(session, case, decider)
    keep_claims(case)
    _settle_skills(session, case, now)
    if case.kind == stages.REVIEW:
        return
    evidence = f"case {case.public_id}"
    if expert.status == terms.APPLICANT:
        admission.raise_to(
            session, expert, terms.QUALIFIED, vetted_by=examiner, approved_by=decider,
            evidence=evidence, actor=decider.public_id, now=now, valid_until=valid_until,
        )  # fmt: skip
    else:
        admission.renew(
            session, expert, vetted_by=examiner, approved_by=decider, evidence=evidence,
            actor=decider.public_id, now=now, valid_until=valid_until,
        )  # fmt: skip


def _make_known(session: Session, case: VettingCase, actor: str, now: datetime) -> str:
    """Mails the verdict; returns why the mail could lead to no account, empty when it does."""
    tell(
        session, case.expert, "case_decided", actor=actor, now=now,
        case=case.public_id, kind=case.kind, state=case.state,
    )  # fmt: skip
    session.flush()
    way_in = WayIn()
    if case.state == stages.QUALIFIED and case.expert.status in terms.VETTED:
        way_in = open_way_in(session, case.expert, actor=actor, now=now)
    verdicts.mail_verdict(session, case, now, way_in)
    return way_in.against


def _refuse(session: Session, case: VettingCase, decider: User, now: datetime) -> None:
    keep_claims(case)
    standing = case.expert.status_before or case.expert.status
    if case.kind in {stages.RENEWAL, stages.REVIEW} and standing in terms.VETTED:
        expire(session, case.expert, f"{case.kind}_refused", actor=decider.public_id, now=now)


def _examiner(session: Session, case: VettingCase, decider: User) -> User:
    """Who answers for the examination: the last to review a skill, or else a stage.

    Raises CaseError when nobody who examined is a vetter any more.
    """
    earlier = session.get(VettingCase, case.appeal_of) if case.appeal_of else None
    steps = [*(earlier.steps if earlier else ()), *case.steps]
    able = [
        step
        for step in steps
        if step.reviewer.is_a(VETTER) and not same_person(person(step.reviewer), person(decider))
    ]
    if not able:
        raise CaseError(BAD_DECISION, _("Nobody who examined this case is a vetter any more."))
    weightiest = max(able, key=lambda step: (step.stage == stages.TECHNICAL, step.id))
    examiner: User = weightiest.reviewer
    return examiner


def _settle_skills(session: Session, case: VettingCase, now: datetime) -> None:
    """The levels that were found; what failed goes; what rests on a certificate ends with it.

    What had ended without one, by a file, and was found anew counts again.
    """
    today = now.astimezone(UTC).date()
    expert, facts = case.expert, facts_of(session, case)
    found, failed = casework.levels(facts), casework.failed_skills(facts)
    expert.skills = [claim for claim in expert.skills if claim.skill not in failed]
    rests_on = select(Certificate).where(
        Certificate.expert_id == expert.id, Certificate.skill.is_not(None)
    )
    papers = session.scalars(rests_on).all()
    for claim in expert.skills:
        claim.level = found.get(claim.skill, claim.level)
        days = [paper.expires_on for paper in papers if paper.skill == claim.skill]
        if days:
            known = [day for day in days if day is not None]
            claim.valid_until = max(known) if len(known) == len(days) else None
        elif claim.skill in found and claim.valid_until and claim.valid_until < today:
            claim.valid_until = None
