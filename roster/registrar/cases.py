"""The verbs of an examination: a case is opened, taken, examined step by step, or dropped.

How it is decided: `registrar.decisions`. Each verb holds the case against others meanwhile.
"""

from datetime import UTC, date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert, VettingCase, VettingStep
from roster.registrar.casefacts import (
    BAD_FINDING,
    BAD_KIND,
    OPEN_ALREADY,
    VETTER,
    CaseError,
    facts_of,
    nominators,
    person,
)
from roster.registrar.news import tell
from roster.rules import casework, stages, terms
from roster.rules.vetting import same_person

LONGEST_TEXT = 10_000
# What others may have changed since the case was read.
CHANGING = ("state", "decided_at", "decided_by", "owner_id", "due_on", "steps", "references")
# Whom a case of each kind can be about, by state; of somebody suspended, the state before counts.
FOR = {
    stages.APPLICATION: {terms.APPLICANT},
    stages.RENEWAL: {*terms.VETTED, terms.EXPIRED},
    stages.REVIEW: set(terms.VETTED),
    stages.APPEAL: {terms.APPLICANT, terms.EXPIRED},
}


def open_case(
    session: Session,
    expert: Expert,
    kind: str,
    *,
    actor: str,
    now: datetime,
    due_on: date | None = None,
    appeal_of: VettingCase | None = None,
) -> VettingCase:
    """Opens a case of `kind` (rules.stages.CASE_KINDS) about `expert`, to be decided by `due_on`.

    Raises CaseError when one is open already, or their state does not allow it. Appeals come
    through `registrar.appeal`, which checks the deadline.
    """
    standing = expert.status
    if standing == terms.SUSPENDED and kind != stages.APPLICATION:
        standing = expert.status_before
    if standing not in FOR[kind] or (kind == stages.APPEAL) != (appeal_of is not None):
        raise CaseError(BAD_KIND)
    if open_case_of(session, expert) is not None:
        raise CaseError(OPEN_ALREADY)
    case = VettingCase(
        expert=expert, kind=kind, state=stages.OPEN, opened_at=now,
        due_on=due_on or casework.due_on(kind, now.astimezone(UTC).date()),
        appeal_of=appeal_of.id if appeal_of else None,
    )  # fmt: skip
    session.add(case)
    session.flush()
    tell(session, expert, "case_opened", actor=actor, now=now, case=case.public_id, kind=kind)
    return case


def open_case_of(session: Session, expert: Expert) -> VettingCase | None:
    """The case that is open about `expert`, if any: there is one at most."""
    return session.scalar(
        select(VettingCase).where(
            VettingCase.expert_id == expert.id, VettingCase.state == stages.OPEN
        )
    )


def check_approver(session: Session, expert: Expert, approver: User) -> None:
    """Raises CaseError when `approver` has examined the open case of `expert`, or vouched for them.

    Whoever nominated them has, and their referees in that case.
    """
    case, who = open_case_of(session, expert), person(approver)
    vouchers = nominators(session, expert)
    if case is not None:
        facts = facts_of(session, case)
        if any(same_person(who, one.reviewer) for one in facts.findings):
            raise CaseError(casework.EXAMINED_IT)
        vouchers += facts.vouchers
    if any(same_person(who, one) for one in vouchers):
        raise CaseError(casework.VOUCHED)


def record_step(
    session: Session,
    case: VettingCase,
    stage: str,
    result: str,
    *,
    reviewer: User,
    now: datetime,
    evidence: str,
    subject: str = "",
    comment: str = "",
    score: int | None = None,
    level: int | None = None,
) -> VettingStep:
    """Writes down what `reviewer` found; it stays as it is, a later finding is another step.

    `subject` and, when it passed, `level` (1-3) belong to a technical review; `score` (1-5) to an
    interview. Raises CaseError.
    """
    hold(session, case)
    facts = facts_of(session, case)
    against = casework.may_examine(facts, person(reviewer), is_vetter=reviewer.is_a(VETTER))
    if against:
        raise CaseError(against)
    step = VettingStep(
        stage=stage, subject=subject, result=result, reviewer=reviewer, at=now, score=score,
        level=level, evidence=evidence.strip()[:LONGEST_TEXT],
        comment=comment.strip()[:LONGEST_TEXT],
    )  # fmt: skip
    _check_finding(step, facts.skills)
    case.steps.append(step)
    session.flush()
    tell(
        session, case.expert, "step_recorded", actor=reviewer.public_id, now=now,
        case=case.public_id, stage=stage, of=subject, result=result, score=score, level=level,
    )  # fmt: skip
    return step


def take_case(
    session: Session, case: VettingCase, owner: User | None, *, actor: str, now: datetime
) -> None:
    """Makes `owner` the one who sees to the case; None gives it back. Raises CaseError."""
    hold(session, case)
    _check_open(case)
    if owner is not None and not owner.is_a(VETTER):
        raise CaseError(casework.NOT_A_VETTER)
    case.owner = owner
    tell(session, case.expert, "case_taken", actor=actor, now=now, case=case.public_id,
         owner=owner.public_id if owner else None)  # fmt: skip


def set_due(
    session: Session, case: VettingCase, due_on: date, *, actor: str, now: datetime
) -> None:
    """Moves the day by which the case should be decided. Raises CaseError for a closed one."""
    hold(session, case)
    _check_open(case)
    case.due_on = due_on
    tell(session, case.expert, "case_due", actor=actor, now=now, case=case.public_id,
         due_on=due_on.isoformat())  # fmt: skip


def drop_case(
    session: Session, case: VettingCase, *, actor: str, now: datetime, comment: str = ""
) -> None:
    """Ends an open case without a decision, such as one that the applicant takes back."""
    hold(session, case)
    _check_open(case)
    keep_claims(case)
    case.state, case.decided_at = stages.DROPPED, now
    case.comment = comment.strip()[:LONGEST_TEXT]
    tell(session, case.expert, "case_dropped", actor=actor, now=now, case=case.public_id)


def keep_claims(case: VettingCase) -> None:
    """Notes the skills that were claimed: from the end of `case` on they are what was decided."""
    case.claimed = {claim.skill: claim.level for claim in case.expert.skills}


def hold(session: Session, case: VettingCase) -> None:
    """Reads `case` again, and keeps others from changing it until this transaction ends."""
    session.flush()
    session.refresh(case, CHANGING, with_for_update={"of": VettingCase})


def _check_open(case: VettingCase) -> None:
    if case.state != stages.OPEN:
        raise CaseError(casework.CLOSED)


def _check_finding(step: VettingStep, skills: frozenset[str]) -> None:
    """Raises CaseError with what is wrong in a finding."""
    if step.stage not in stages.STAGES or step.result not in stages.RESULTS:
        raise CaseError(BAD_FINDING, _("There is no such stage or result."))
    if not (step.evidence or (step.result != stages.PASSED and step.comment)):
        raise CaseError(BAD_FINDING, _("Say what the finding rests on."))
    is_technical, is_interview = step.stage == stages.TECHNICAL, step.stage == stages.INTERVIEW
    if is_technical and step.subject not in skills:
        raise CaseError(BAD_FINDING, _("Choose one of the skills that the applicant names."))
    if step.subject and not is_technical:
        raise CaseError(BAD_FINDING, _("Only a technical review is about one skill."))
    needs_level = is_technical and step.result == stages.PASSED
    if needs_level and step.level not in (1, 2, 3):
        raise CaseError(BAD_FINDING, _("Say which level you found: 1, 2 or 3."))
    if step.level is not None and not is_technical:
        raise CaseError(BAD_FINDING, _("Only a technical review finds a level."))
    scores = range(stages.LOWEST_SCORE, stages.HIGHEST_SCORE + 1)
    if is_interview and step.score not in scores:
        raise CaseError(BAD_FINDING, _("Give the interview a score from 1 to 5."))
    if step.score is not None and not is_interview:
        raise CaseError(BAD_FINDING, _("Only an interview has a score."))
