"""What the founding documents ask of a decision, looked up in the rows and nowhere else.

Written without the rules of the roster on purpose: it imports none, and knows each human behind
the accounts from the test that made them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert, Reference, SkillClaim, VettingCase, VettingStep

EVERY_STAGE = ("completeness", "eligibility", "technical", "interview", "references", "conflicts",
               "readiness")  # fmt: skip


@dataclass
class Humans:
    """Who is who: the human behind each account, and the accounts of each expert's own."""

    of_account: Mapping[int, str]
    own: dict[int, set[int]] = field(default_factory=dict)

    def are_applicant(self, expert: int, account: int | None) -> bool:
        """Whether this account is the expert's own."""
        return account in self.own[expert]


def check_decision(session: Session, humans: Humans, case_id: int) -> None:
    """Asserts that the case was decided by an active vetter who had no part in it."""
    case = session.get_one(VettingCase, case_id)
    decider = session.get_one(User, case.decided_by)
    assert decider.active, "a disabled account decided"
    assert "vetter" in {role.name for role in decider.roles}, "somebody but a vetter decided"
    assert not humans.are_applicant(case.expert_id, decider.id), "the applicant decided"
    steps = steps_of(session, case)
    involved = {humans.of_account[step.reviewer_id] for step in steps}
    assert involved, "a decision without a finding"
    assert humans.of_account[decider.id] not in involved, "an examiner decided"
    asked = {row.email for row in references_of(session, case) if row.declined_at is None}
    assert decider.email not in asked, "a referee decided"
    if case.appeal_of is not None:
        before = session.get_one(VettingCase, case.appeal_of).decided_by
        assert before is not None
        assert humans.of_account[before] != humans.of_account[decider.id], "decided twice"


def check_every_stage(
    session: Session, humans: Humans, case_id: int, claimed: Mapping[str, int]
) -> None:
    """Asserts that everything was examined by others, and the levels are what was found.

    `claimed` are the skills as they were before the decision.
    """
    case = session.get_one(VettingCase, case_id)
    expert = session.get_one(Expert, case.expert_id)
    steps = [
        step
        for step in steps_of(session, case)
        if not humans.are_applicant(expert.id, step.reviewer_id)
    ]
    for stage in EVERY_STAGE:
        found = [step for step in steps if step.stage == stage]
        assert found, f"{stage} was never examined"
        assert all(step.evidence for step in found if step.result == "passed"), "no evidence"
        assert stage == "technical" or found[-1].result == "passed", f"{stage} was not passed"
    check_skills(session, expert, steps, claimed)
    check_interviews(humans, steps)
    check_references(session, case, expert, steps)
    assert expert.phone_proved_at is not None, "the phone was not proved"


def check_skills(
    session: Session, expert: Expert, steps: list[VettingStep], claimed: Mapping[str, int]
) -> None:
    """Asserts that each claim was looked at, and that who was let in has what was found."""
    latest = {step.subject: step for step in steps if step.stage == "technical"}
    assert claimed.keys() <= latest.keys(), "a skill was not examined"
    passed = {skill: latest[skill].level for skill in claimed if latest[skill].result == "passed"}
    assert not any(latest[skill].result == "more_needed" for skill in claimed)
    claims = select(SkillClaim).where(SkillClaim.expert_id == expert.id)
    assert {claim.skill: claim.level for claim in session.scalars(claims)} == passed
    assert passed, "nothing is left that was passed"


def check_interviews(humans: Humans, steps: list[VettingStep]) -> None:
    """Asserts two people and a mean of three."""
    scores: dict[str, int] = {}
    for step in steps:
        if step.stage == "interview":
            assert step.score is not None
            scores[humans.of_account[step.reviewer_id]] = step.score
    assert len(scores) >= 2, "one person is no panel"
    assert sum(scores.values()) >= 3 * len(scores), "the panel gave too little"


def check_references(
    session: Session, case: VettingCase, expert: Expert, steps: list[VettingStep]
) -> None:
    """Asserts two people who recommend, and of whoever does not that it was weighed in writing."""
    rows = references_of(session, case)
    explained = [
        step.at
        for step in steps
        if step.stage == "references" and step.result == "passed" and step.comment
    ]
    for row in rows:
        if row.answered_at is not None and row.recommends is False:
            assert max(explained, default=row.answered_at) > row.answered_at, "a referee is against"
    good = {row.email.casefold().strip() for row in rows if row.answered_at and row.recommends}
    assert len(good - {expert.email.casefold().strip()}) >= 2, "too few references"


def references_of(session: Session, case: VettingCase) -> list[Reference]:
    """The references of a case, and those of the case that it appeals against."""
    about = Reference.case_id.in_([case.id, case.appeal_of])
    return list(session.scalars(select(Reference).where(about)))


def steps_of(session: Session, case: VettingCase) -> list[VettingStep]:
    """The findings of a case, after those of the case that it appeals against."""
    query = select(VettingStep).where(VettingStep.case_id.in_([case.id, case.appeal_of]))
    return list(session.scalars(query.order_by(VettingStep.id)))
