"""What open cases still wait for, as conditions of the database; `rules.casework` says the same.

The queue filters by these; what exactly is missing in one case the rules alone say.
"""

from sqlalchemy import ColumnElement, and_, distinct, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from roster.models import Expert, Reference, SkillClaim, VettingCase, VettingStep
from roster.rules import stages

DECISION = "decision"
WAITING = (*stages.STAGES, DECISION)


def waits_for(stage: str) -> ColumnElement[bool]:
    """Whether something is missing at `stage`; `decision`: nothing is missing any more.

    A word that is no stage matches nothing.
    """
    if stage == DECISION:
        # The last stages first: most cases are far from them, and the rest is never looked at.
        return and_(true(), *(not_(waits_for(one)) for one in reversed(stages.STAGES)))
    if stage not in stages.STAGES:
        return not_(true())
    return or_(*CONDITIONS.get(stage, [_not_passed(stage)]))


def _steps(stage: str) -> ColumnElement[bool]:
    return and_(VettingStep.case_id == VettingCase.id, VettingStep.stage == stage)


def _not_passed(stage: str) -> ColumnElement[bool]:
    """The latest finding of the stage is not `passed`, or there is none."""
    later = aliased(VettingStep)
    is_last = not_(
        exists().where(
            later.case_id == VettingStep.case_id,
            later.stage == VettingStep.stage,
            later.id > VettingStep.id,
        )
    )
    return not_(exists().where(_steps(stage), VettingStep.result == stages.PASSED, is_last))


def _unexamined_skill() -> ColumnElement[bool]:
    finding = exists().where(_steps(stages.TECHNICAL), VettingStep.subject == SkillClaim.skill)
    return exists().where(SkillClaim.expert_id == VettingCase.expert_id, not_(finding))


def _no_skill() -> ColumnElement[bool]:
    passed = VettingStep.result == stages.PASSED
    return not_(exists().where(_steps(stages.TECHNICAL), passed))


def _small_panel() -> ColumnElement[bool]:
    scored = (_steps(stages.INTERVIEW), VettingStep.score.is_not(None))
    panel = select(func.count(distinct(VettingStep.reviewer_id))).where(*scored)
    return panel.scalar_subquery() < stages.PANEL_OF


def _few_references() -> ColumnElement[bool]:
    answered = (Reference.case_id == VettingCase.id, Reference.answered_at.is_not(None))
    return select(func.count()).where(*answered).scalar_subquery() < stages.REFEREES


def _unproved_phone() -> ColumnElement[bool]:
    proved = Expert.phone_proved_at.is_not(None)
    return not_(exists().where(Expert.id == VettingCase.expert_id, proved))


CONDITIONS: dict[str, list[ColumnElement[bool]]] = {
    stages.TECHNICAL: [_unexamined_skill(), _no_skill()],
    stages.INTERVIEW: [_small_panel()],
    stages.REFERENCES: [_few_references(), _not_passed(stages.REFERENCES)],
    stages.READINESS: [_unproved_phone(), _not_passed(stages.READINESS)],
}
