"""What the vetting machine is told of a stored case, and its answers as errors with a sentence."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.models import Expert, VettingCase, VettingStep
from roster.models.papers import Reference
from roster.registrar.nominating import nominators_of
from roster.rules import casework
from roster.rules.casework import CaseFacts, Finding, Referee
from roster.rules.vetting import Person

VETTER = "vetter"
BAD_FINDING, BAD_DECISION, BAD_KIND, OPEN_ALREADY = (
    "bad_finding",
    "bad_decision",
    "bad_kind",
    "open_already",
)
SENTENCES = {
    casework.CLOSED: _l("This case is closed."),
    casework.NOT_A_VETTER: _l("Only a vetter may do this."),
    casework.IS_APPLICANT: _l("Nobody can examine or decide about themself."),
    casework.EXAMINED_IT: _l("You have examined this case. Somebody else must decide it."),
    casework.DECIDED_BEFORE: _l(
        "You have decided the case that is appealed against. Somebody else must decide this one."
    ),
    casework.VOUCHED: _l(
        "You have nominated this person or are their referee. Somebody else must decide."
    ),
    casework.NOTHING_FOUND: _l("Nobody has recorded a finding in this case yet."),
    casework.INCOMPLETE: _l("Not every stage has been passed yet."),
    casework.NOT_REFUSED: _l("Only a refusal can be appealed against."),
    casework.NOT_APPEALABLE: _l("The decision on an appeal is final."),
    casework.APPEALED: _l("There has been an appeal against this decision already."),
    casework.TOO_LATE: _l("The time for an appeal is over."),
    BAD_KIND: _l("The expert's present state does not allow such a case."),
    OPEN_ALREADY: _l("There is an open case about this person already."),
}


class CaseError(ValueError):
    """A step in a case that is refused: `reason` is a word, the text a sentence for a person."""

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(sentence or str(SENTENCES[reason]))
        self.reason = reason


def facts_of(session: Session, case: VettingCase) -> CaseFacts:
    """`case` as the rules see it; an appeal goes on from what was found before."""
    expert = case.expert
    earlier = session.get(VettingCase, case.appeal_of) if case.appeal_of else None
    cases = [earlier, case] if earlier else [case]
    return CaseFacts(
        kind=case.kind,
        state=case.state,
        applicant=themself(expert),
        skills=frozenset(claim.skill for claim in expert.skills),
        findings=tuple(_finding(step) for one in cases for step in one.steps),
        referees=tuple(_referee(reference) for one in cases for reference in one.references),
        phone_proved_at=expert.phone_proved_at,
        deciders=(person(earlier.decider),) if earlier and earlier.decider else (),
        vouchers=tuple(_voucher(reference) for one in cases for reference in one.references
                       if reference.declined_at is None),
    )  # fmt: skip


def facts_to_decide(session: Session, case: VettingCase) -> CaseFacts:
    """The same with whoever nominated the applicant: needed only for who may decide."""
    facts = facts_of(session, case)
    return replace(facts, vouchers=(*facts.vouchers, *nominators(session, case.expert)))


def nominators(session: Session, expert: Expert) -> list[Person]:
    """Whoever nominated `expert`."""
    return [person(user) for user in nominators_of(session, expert)]


def missing_in(session: Session, case: VettingCase) -> list[casework.Gap]:
    """Everything that still keeps `case` from a good decision."""
    return casework.missing(facts_of(session, case))


def objection_to(session: Session, case: VettingCase, decider: User, qualified: bool) -> str | None:
    """Why `decider` may not decide `case` so, as a word of `rules.casework`; None if they may."""
    return casework.may_decide(
        facts_to_decide(session, case), person(decider),
        is_vetter=decider.is_a(VETTER), qualified=qualified,
    )  # fmt: skip


def person(user: User) -> Person:
    """The person behind an account."""
    return Person(user.id, user.email, user.phone or "")


def themself(expert: Expert) -> Person:
    """The person whom an entry of the roster is about."""
    return Person(expert.user_id, expert.email, expert.phone)


def _finding(step: VettingStep) -> Finding:
    return Finding(
        stage=step.stage, result=step.result, reviewer=person(step.reviewer),
        subject=step.subject, score=step.score, level=step.level, at=step.at,
        is_explained=bool(step.comment.strip()),
    )  # fmt: skip


def _referee(reference: Reference) -> Referee:
    answered = reference.answered_at is not None
    recommends = reference.recommends if answered else None
    return Referee(reference.email, recommends, reference.answered_at)


def _voucher(reference: Reference) -> Person:
    return Person(None, reference.email)
