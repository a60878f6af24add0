"""What open cases still wait for, as conditions of the database; `rules.casework` says the same.

The queue filters by these; what exactly is missing in one case the rules alone say.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from roster.models import Expert, Reference, SkillClaim, VettingCase, VettingStep
from roster.rules import stages

DECISION = "decision"
WAITING = (*stages.STAGES, DECISION)
PASSED = VettingStep.result == stages.PASSED
IS_REVIEW = VettingCase.kind == stages.REVIEW


def waits_for(stage: str) -> ColumnElement[bool]:
    """Whether something is missing at `stage`; `decision`: nothing is missing any more.

    A word that is no stage matches nothing.
    """
    if stage == DECISION:
        # The last stages first: most cases are far from them, and the rest is never looked at.
        done = (not_(waits_for(one)) for one in reversed(stages.STAGES))
        return and_(*done, or_(not_(IS_REVIEW), _has(VettingStep, _of_the_case(VettingStep))))
    if stage not in stages.STAGES:
        return not_(true())
    # A review looks only at what something was found in.
    looked_at = or_(not_(IS_REVIEW), _has(VettingStep, _steps(stage)))
    return and_(looked_at, or_(*_missing_at(stage)))


def _has(rows: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is one of `rows` for which `conditions` hold; all else is of the query around.

    Left to itself SQLAlchemy looks one level up only, and would read all cases anew further in.
    """
    return exists().where(*conditions).correlate_except(rows)


def _of_the_case(rows: Any) -> ColumnElement[bool]:
    """What belongs to the case, or to the one that it appeals against."""
    return or_(rows.case_id == VettingCase.id, rows.case_id == VettingCase.appeal_of)


def _steps(stage: str) -> ColumnElement[bool]:
    return and_(_of_the_case(VettingStep), VettingStep.stage == stage)


def _last(*same: str, scored: bool = False) -> ColumnElement[bool]:
    """No later finding of the case has the same columns `same`."""
    later = aliased(VettingStep)
    alike = [getattr(later, name) == getattr(VettingStep, name) for name in same]
    if scored:
        alike.append(later.score.is_not(None))
    return not_(_has(later, _of_the_case(later), later.id > VettingStep.id, *alike))


def _not_passed(stage: str) -> ColumnElement[bool]:
    """The latest finding of the stage is not `passed`, or there is none."""
    return not_(_has(VettingStep, _steps(stage), PASSED, _last("stage")))


def _of_the_skill(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is a finding for which `conditions` hold about the claim around it."""
    subject = VettingStep.subject == SkillClaim.skill
    return _has(VettingStep, _steps(stages.TECHNICAL), subject, *conditions)


def _claims(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return _has(SkillClaim, SkillClaim.expert_id == VettingCase.expert_id, *conditions)


def _skill_left_over() -> ColumnElement[bool]:
    """A claimed skill that nobody has looked at (but in a review), or that needs more."""
    more_needed = VettingStep.result == stages.MORE_NEEDED
    unseen = and_(not_(IS_REVIEW), not_(_of_the_skill()))
    return _claims(or_(unseen, _of_the_skill(more_needed, _last("stage", "subject"))))


def _no_skill() -> ColumnElement[bool]:
    """No skill that is claimed has passed; a review minds only when all were looked at."""
    passed = _of_the_skill(PASSED, _last("stage", "subject"))
    unseen = not_(_of_the_skill())
    return and_(not_(_claims(passed)), or_(not_(IS_REVIEW), not_(_claims(unseen))))


def _small_or_doubtful_panel() -> list[ColumnElement[bool]]:
    scored = (
        _steps(stages.INTERVIEW),
        VettingStep.score.is_not(None),
        _last("stage", "reviewer_id", scored=True),
    )
    members = select(func.count(distinct(VettingStep.reviewer_id))).where(*scored)
    mean = select(func.avg(VettingStep.score)).where(*scored)
    return [
        members.correlate_except(VettingStep).scalar_subquery() < stages.PANEL_OF,
        mean.correlate_except(VettingStep).scalar_subquery() < stages.PASSING_SCORE,
    ]


def _references() -> list[ColumnElement[bool]]:
    theirs = _of_the_case(Reference)
    good = select(func.count(distinct(Reference.email))).where(
        theirs, Reference.recommends.is_(True)
    )
    weighed = _has(
        VettingStep, _steps(stages.REFERENCES), PASSED, VettingStep.comment != "",
        VettingStep.at > Reference.answered_at,
    )  # fmt: skip
    return [
        good.correlate_except(Reference).scalar_subquery() < stages.REFEREES,
        _has(Reference, theirs, Reference.recommends.is_(False), not_(weighed)),
    ]


def _unproved_phone() -> ColumnElement[bool]:
    proved = Expert.phone_proved_at.is_not(None)
    return not_(_has(Expert, Expert.id == VettingCase.expert_id, proved))


def _missing_at(stage: str) -> list[ColumnElement[bool]]:
    if stage == stages.TECHNICAL:
        return [_skill_left_over(), _no_skill()]
    found = [_not_passed(stage)]
    if stage == stages.INTERVIEW:
        found += _small_or_doubtful_panel()
    elif stage == stages.REFERENCES:
        found += _references()
    elif stage == stages.READINESS:
        found.append(_unproved_phone())
    return found
