"""The vetting machine: what a case still lacks, who may decide it, what a decision does.

Facts in, answers out: no database, no wording, no clock is known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from roster.rules import stages
from roster.rules.vetting import Person, folded, same_person

# Why a stage keeps a case from a good decision.
NOT_EXAMINED, FAILED, MORE_NEEDED = "not_examined", "failed", "more_needed"
NO_SKILL, NONE_PASSED = "no_skill", "none_passed"
PANEL_TOO_SMALL, SCORE_TOO_LOW = "panel_too_small", "score_too_low"
REFERENCES_MISSING, REFERENCE_AGAINST = "references_missing", "reference_against"
PHONE_UNPROVED = "phone_unproved"

# Why somebody may not decide or record, or a case may not be decided, opened or appealed.
CLOSED, NOT_A_VETTER, IS_APPLICANT = "closed", "not_a_vetter", "is_applicant"
EXAMINED_IT, DECIDED_BEFORE, VOUCHED, NOTHING_FOUND, INCOMPLETE = (
    "examined_it",
    "decided_before",
    "vouched",
    "nothing_found",
    "incomplete",
)
NOT_REFUSED, NOT_APPEALABLE, APPEALED, TOO_LATE = (
    "not_refused",
    "not_appealable",
    "appealed",
    "too_late",
)

APPEAL_DAYS = 90
DUE_DAYS = {stages.APPLICATION: 60, stages.RENEWAL: 60, stages.REVIEW: 30, stages.APPEAL: 30}


@dataclass(frozen=True)
class Finding:
    """What one reviewer found: a step; in `CaseFacts` in the order in which they were written.

    `is_explained`: with a comment of the reviewer's own.
    """

    stage: str
    result: str
    reviewer: Person
    subject: str = ""
    score: int | None = None
    level: int | None = None
    at: datetime | None = None
    is_explained: bool = False


@dataclass(frozen=True)
class Referee:
    """One reference: `recommends` is None when nothing was answered, or they declined."""

    email: str
    recommends: bool | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class CaseFacts:
    """All that decides about a case. `skills` are the codes that the applicant claims.

    The findings and referees of an appeal begin with those of the case appealed against;
    `deciders` are whoever decided that one. `vouchers` are whoever nominated the applicant, and
    the referees.
    """

    kind: str
    state: str
    applicant: Person
    skills: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    referees: tuple[Referee, ...] = ()
    phone_proved_at: datetime | None = None
    deciders: tuple[Person, ...] = ()
    vouchers: tuple[Person, ...] = ()


@dataclass(frozen=True, order=True)
class Gap:
    """What still keeps a case from a good decision: a stage, a skill if any, and why."""

    stage: str
    subject: str
    reason: str


def missing(facts: CaseFacts) -> list[Gap]:
    """Everything that keeps the case from a good decision, in the order of the stages.

    What the applicant found about themself never counts. A review looks only at the stages in
    which something was found, at one at least: it makes nobody deployable.
    """
    found = [one for one in facts.findings if not same_person(one.reviewer, facts.applicant)]
    looked_at = {one.stage for one in found}
    wanted = looked_at if facts.kind == stages.REVIEW else set(stages.STAGES)
    return [
        gap
        for stage in stages.STAGES
        if stage in wanted
        for gap in _gaps(stage, [one for one in found if one.stage == stage], facts)
    ]


def may_examine(facts: CaseFacts, reviewer: Person, *, is_vetter: bool) -> str | None:
    """The reason why `reviewer` may not record a finding in this case; None when they may."""
    if facts.state != stages.OPEN:
        return CLOSED
    if not is_vetter:
        return NOT_A_VETTER
    return IS_APPLICANT if same_person(reviewer, facts.applicant) else None


def may_decide(
    facts: CaseFacts, decider: Person, *, is_vetter: bool, qualified: bool
) -> str | None:
    """The reason why `decider` may not say `qualified` (or, when False, refuse); None if they may.

    A refusal needs no more than one finding, of somebody else.
    """
    if facts.state != stages.OPEN:
        return CLOSED
    if not is_vetter:
        return NOT_A_VETTER
    if against := has_part_in(facts, decider):
        return against
    if not facts.findings:
        return NOTHING_FOUND
    return INCOMPLETE if qualified and missing(facts) else None


def has_part_in(facts: CaseFacts, somebody: Person) -> str | None:
    """The reason why `somebody` can never decide this case, whatever becomes of it; else None."""
    parts = (
        (IS_APPLICANT, (facts.applicant,)),
        (EXAMINED_IT, tuple(one.reviewer for one in facts.findings)),
        (DECIDED_BEFORE, facts.deciders),
        (VOUCHED, facts.vouchers),
    )
    return next(
        (why for why, people in parts if any(same_person(somebody, one) for one in people)), None
    )


def vetters_needed(kind: str) -> int:
    """How many vetters a case of this kind takes at least: a panel, and one more who decides."""
    return 2 if kind == stages.REVIEW else stages.PANEL_OF + 1


def may_appeal(kind: str, state: str, decided_at: datetime | None, appealed: bool,
               now: datetime) -> str | None:  # fmt: skip
    """The reason why a case that ended so cannot be appealed against at `now`; None when it can.

    Once per refusal, for 90 days; what was decided on an appeal is final.
    """
    if state != stages.REFUSED or decided_at is None:
        return NOT_REFUSED
    if kind == stages.APPEAL:
        return NOT_APPEALABLE
    if appealed:
        return APPEALED
    return TOO_LATE if now > last_appeal(decided_at) else None


def last_appeal(decided_at: datetime) -> datetime:
    """The last moment (UTC) at which a refusal of `decided_at` can be appealed against."""
    return decided_at + timedelta(days=APPEAL_DAYS)


def due_on(kind: str, today: date) -> date:
    """The day by which a case of this kind, opened `today`, should be decided."""
    return today + timedelta(days=DUE_DAYS[kind])


def levels(facts: CaseFacts) -> dict[str, int]:
    """The level found for each claimed skill that passed; what failed is not in it.

    For a review: of the skills that were looked at.
    """
    return {
        skill: one.level
        for skill, one in _latest_by_subject(facts.findings).items()
        if skill in facts.skills and one.result == stages.PASSED and one.level is not None
    }


def failed_skills(facts: CaseFacts) -> frozenset[str]:
    """The claimed skills whose latest finding is a failure: they leave the expert."""
    latest = _latest_by_subject(facts.findings)
    return frozenset(
        skill
        for skill, one in latest.items()
        if skill in facts.skills and one.result == stages.FAILED
    )


def panel(findings: Iterable[Finding]) -> list[Finding]:
    """Each interviewer's latest finding that has a score; two accounts of one person are one."""
    seen: list[Finding] = []
    for one in reversed([*findings]):
        if one.stage != stages.INTERVIEW or one.score is None:
            continue
        if not any(same_person(one.reviewer, other.reviewer) for other in seen):
            seen.append(one)
    return seen[::-1]


def _gaps(stage: str, found: list[Finding], facts: CaseFacts) -> Iterator[Gap]:
    if stage == stages.TECHNICAL:
        yield from _technical(found, facts)
        return
    if not found:
        yield Gap(stage, "", NOT_EXAMINED)
    elif found[-1].result != stages.PASSED:
        yield Gap(stage, "", _word(found[-1]))
    if stage == stages.INTERVIEW and found:
        yield from _interview(found)
    elif stage == stages.REFERENCES:
        yield from _references(found, facts)
    elif stage == stages.READINESS and facts.phone_proved_at is None:
        yield Gap(stage, "", PHONE_UNPROVED)


def _technical(found: list[Finding], facts: CaseFacts) -> Iterator[Gap]:
    """Every claimed skill was looked at and one is left; a skill that failed is no gap."""
    latest = _latest_by_subject(found)
    is_review = facts.kind == stages.REVIEW
    for skill in sorted(facts.skills):
        one = latest.get(skill)
        if one is None:
            if not is_review:
                yield Gap(stages.TECHNICAL, skill, NOT_EXAMINED)
        elif one.result == stages.MORE_NEEDED:
            yield Gap(stages.TECHNICAL, skill, MORE_NEEDED)
    if not facts.skills:
        yield Gap(stages.TECHNICAL, "", NO_SKILL)
    elif all(skill in latest and latest[skill].result == stages.FAILED for skill in facts.skills):
        yield Gap(stages.TECHNICAL, "", NONE_PASSED)


def _interview(found: list[Finding]) -> Iterator[Gap]:
    members = panel(found)
    scores = [one.score or 0 for one in members]
    if len(members) < stages.PANEL_OF:
        yield Gap(stages.INTERVIEW, "", PANEL_TOO_SMALL)
    elif sum(scores) < stages.PASSING_SCORE * len(scores):
        yield Gap(stages.INTERVIEW, "", SCORE_TOO_LOW)


def _references(found: list[Finding], facts: CaseFacts) -> Iterator[Gap]:
    # Nobody recommends themself, and one address is one referee however often it was asked.
    others = {folded(one.email) for one in facts.referees if one.recommends}
    if len(others - {folded(facts.applicant.email)}) < stages.REFEREES:
        yield Gap(stages.REFERENCES, "", REFERENCES_MISSING)
    against = [one for one in facts.referees if one.recommends is False]
    if not all(_is_weighed(one, found) for one in against):
        yield Gap(stages.REFERENCES, "", REFERENCE_AGAINST)


def _is_weighed(against: Referee, found: list[Finding]) -> bool:
    """Whether a reviewer knew of this answer, let the stage pass all the same, and said why."""
    said_at = against.answered_at
    return said_at is not None and any(
        one.result == stages.PASSED and one.is_explained and one.at is not None and one.at > said_at
        for one in found
    )


def _latest_by_subject(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {one.subject: one for one in findings if one.stage == stages.TECHNICAL}


def _word(finding: Finding) -> str:
    return FAILED if finding.result == stages.FAILED else MORE_NEEDED
