"""What a case lacks, who may decide it, and what a decision does: pure facts in, answers out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from roster.rules import casework, stages
from roster.rules.casework import CaseFacts, Finding, Gap, Referee, missing
from roster.rules.vetting import Person

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)
APPLICANT = Person(9, "applicant@example.org", "+15550109")
ANN, BOB, CEM, DEE = (Person(n, f"vetter{n}@example.org", f"+1555010{n}") for n in range(1, 5))
INTERVIEWS = (
    Finding(stages.INTERVIEW, stages.PASSED, ANN, score=3),
    Finding(stages.INTERVIEW, stages.PASSED, BOB, score=4),
)
SKILLS = (
    Finding(stages.TECHNICAL, stages.PASSED, ANN, subject="BCP", level=3),
    Finding(stages.TECHNICAL, stages.FAILED, ANN, subject="CIR"),
)
PLAIN = tuple(
    Finding(stage, stages.PASSED, ANN)
    for stage in stages.STAGES
    if stage not in {stages.INTERVIEW, stages.TECHNICAL}
)
COMPLETE = CaseFacts(
    kind=stages.APPLICATION,
    state=stages.OPEN,
    applicant=APPLICANT,
    skills=frozenset({"BCP", "CIR"}),
    findings=(*PLAIN, *SKILLS, *INTERVIEWS),
    referees=(Referee("one@example.org", True), Referee("two@example.org", True)),
    phone_proved_at=NOW,
)


def test_a_case_with_everything_lacks_nothing_and_a_third_person_decides_it() -> None:
    assert missing(COMPLETE) == []
    assert decided_by(CEM) is None


def test_a_new_case_lacks_every_stage_in_their_order() -> None:
    empty = replace(COMPLETE, findings=(), referees=(), phone_proved_at=None)
    gaps = missing(empty)
    assert list(dict.fromkeys(gap.stage for gap in gaps)) == list(stages.STAGES)
    assert Gap(stages.TECHNICAL, "CIR", casework.NOT_EXAMINED) in gaps


@pytest.mark.parametrize("stage", stages.STAGES)
def test_no_stage_can_be_left_out(stage: str) -> None:
    less = tuple(one for one in COMPLETE.findings if one.stage != stage)
    assert {gap.stage for gap in missing(replace(COMPLETE, findings=less))} == {stage}


@pytest.mark.parametrize("stage", [stage for stage in stages.STAGES if stage != stages.TECHNICAL])
@pytest.mark.parametrize("word", [stages.FAILED, stages.MORE_NEEDED])
def test_the_latest_finding_counts(stage: str, word: str) -> None:
    later = Finding(stage, word, CEM, score=5 if stage == stages.INTERVIEW else None)
    worse = replace(COMPLETE, findings=(*COMPLETE.findings, later))
    assert missing(worse) == [Gap(stage, "", word)]
    mended = replace(worse, findings=(*worse.findings, replace(later, result=stages.PASSED)))
    assert missing(mended) == []


def test_what_applicants_find_about_themselves_counts_for_nothing() -> None:
    own = tuple(
        replace(one, reviewer=replace(APPLICANT, account=None)) for one in COMPLETE.findings
    )
    assert {gap.stage for gap in missing(replace(COMPLETE, findings=own))} == {*stages.STAGES}


@pytest.mark.parametrize(
    ("later", "gap"),
    [
        (("BCP", stages.FAILED), Gap(stages.TECHNICAL, "", casework.NONE_PASSED)),
        (("CIR", stages.MORE_NEEDED), Gap(stages.TECHNICAL, "CIR", casework.MORE_NEEDED)),
        (("CIR", stages.PASSED), None),
    ],
)
def test_each_claimed_skill_is_looked_at_and_one_is_left(
    later: tuple[str, str], gap: Gap | None
) -> None:
    finding = Finding(stages.TECHNICAL, later[1], BOB, subject=later[0], level=1)
    changed = replace(COMPLETE, findings=(*COMPLETE.findings, finding))
    assert missing(changed) == ([gap] if gap else [])


def test_who_claims_nothing_or_something_new_is_not_reviewed() -> None:
    nothing, more = frozenset[str](), COMPLETE.skills | {"LEG"}
    assert missing(replace(COMPLETE, skills=nothing)) == [
        Gap(stages.TECHNICAL, "", casework.NO_SKILL)
    ]
    assert missing(replace(COMPLETE, skills=more)) == [
        Gap(stages.TECHNICAL, "LEG", casework.NOT_EXAMINED)
    ]


def interviewed(*findings: Finding) -> list[str]:
    """The reasons that speak against a case with these interviews."""
    facts = replace(COMPLETE, findings=(*PLAIN, *SKILLS, *findings))
    return [gap.reason for gap in missing(facts)]


def test_a_panel_is_two_people_and_their_latest_scores_reach_three_on_average() -> None:
    one, two = INTERVIEWS
    twin = replace(BOB, account=77, email="other@example.org", phone=ANN.phone)
    assert interviewed(one, replace(one, score=5)) == [casework.PANEL_TOO_SMALL]
    assert interviewed(one, replace(two, reviewer=twin)) == [casework.PANEL_TOO_SMALL]
    assert interviewed(replace(one, score=2), two) == []
    assert interviewed(replace(one, score=2), replace(two, score=3)) == [casework.SCORE_TOO_LOW]
    assert interviewed(one, two, replace(two, score=1)) == [casework.SCORE_TOO_LOW]


def test_two_different_referees_answer_and_none_is_against() -> None:
    one, two = COMPLETE.referees
    cases = {
        (one,): [casework.REFERENCES_MISSING],
        (one, Referee("ONE@example.org ", True)): [casework.REFERENCES_MISSING],
        (one, Referee(APPLICANT.email, True)): [casework.REFERENCES_MISSING],
        (one, replace(two, recommends=None)): [casework.REFERENCES_MISSING],
        (one, two, Referee("three@example.org", False)): [casework.REFERENCE_AGAINST],
    }
    for referees, reasons in cases.items():
        gaps = missing(replace(COMPLETE, referees=referees))
        assert [gap.reason for gap in gaps] == reasons, referees


def test_a_reference_against_is_outweighed_only_by_a_later_explained_finding() -> None:
    later, earlier = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)
    against = Referee("three@example.org", False, NOW)
    weighed = Finding(stages.REFERENCES, stages.PASSED, BOB, at=later, is_explained=True)
    own = replace(weighed, reviewer=APPLICANT)
    facts = replace(COMPLETE, referees=(*COMPLETE.referees, against))
    gap = Gap(stages.REFERENCES, "", casework.REFERENCE_AGAINST)
    for kind in (stages.APPLICATION, stages.APPEAL):
        for finding, gaps in (
            (weighed, []),
            (replace(weighed, at=NOW), [gap]),
            (replace(weighed, at=earlier), [gap]),
            (replace(weighed, is_explained=False), [gap]),
            (replace(weighed, stage=stages.CONFLICTS), [gap]),
            (own, [gap]),
        ):
            found = replace(facts, kind=kind, findings=(*COMPLETE.findings, finding))
            assert missing(found) == gaps, finding
    again = replace(against, email="four@example.org", answered_at=later + timedelta(minutes=1))
    twice = replace(facts, findings=(*COMPLETE.findings, weighed))
    assert missing(replace(twice, referees=(*twice.referees, again))) == [gap]
    alone = replace(twice, referees=(COMPLETE.referees[0], against))
    assert [one.reason for one in missing(alone)] == [casework.REFERENCES_MISSING]


def test_nobody_is_ready_whose_phone_is_not_proved() -> None:
    unproved = replace(COMPLETE, phone_proved_at=None)
    assert missing(unproved) == [Gap(stages.READINESS, "", casework.PHONE_UNPROVED)]


def test_a_review_looks_only_at_the_stages_it_touches() -> None:
    review = replace(COMPLETE, kind=stages.REVIEW, findings=SKILLS[:1])
    assert missing(review) == []
    worse = replace(review, findings=(*SKILLS[:1], Finding(stages.READINESS, stages.FAILED, ANN)))
    assert missing(worse) == [Gap(stages.READINESS, "", casework.FAILED)]


def decided_by(decider: Person, facts: CaseFacts = COMPLETE, **said: bool) -> str | None:
    """Why `decider` may not qualify (unless said otherwise) the case."""
    return casework.may_decide(facts, decider, **({"is_vetter": True, "qualified": True} | said))


@pytest.mark.parametrize("qualified", [True, False])
def test_nobody_decides_what_they_are_or_have_examined(qualified: bool) -> None:
    vouchers = (Person(None, "one@example.org"), Person(55, "by@example.org", "+15550155"))
    appeal = replace(COMPLETE, kind=stages.APPEAL, deciders=(DEE,), vouchers=vouchers)
    same_mail = Person(50, " Applicant@Example.org")
    same_phone = Person(51, "x@example.org", APPLICANT.phone)
    twin_of_ann = Person(52, "y@example.org", ANN.phone)
    for decider, reason in (
        (ANN, casework.EXAMINED_IT),
        (BOB, casework.EXAMINED_IT),
        (twin_of_ann, casework.EXAMINED_IT),
        (APPLICANT, casework.IS_APPLICANT),
        (same_mail, casework.IS_APPLICANT),
        (same_phone, casework.IS_APPLICANT),
        (DEE, casework.DECIDED_BEFORE),
        (Person(53, "One@Example.org "), casework.VOUCHED),
        (Person(54, "z@example.org", "+15550155"), casework.VOUCHED),
        (CEM, None),
    ):
        assert decided_by(decider, appeal, qualified=qualified) == reason
    assert decided_by(CEM, appeal, is_vetter=False) == casework.NOT_A_VETTER
    assert decided_by(CEM, replace(appeal, state=stages.REFUSED)) == casework.CLOSED


def test_a_refusal_needs_one_finding_of_somebody_else_and_no_more() -> None:
    begun = replace(COMPLETE, findings=PLAIN[:1])
    assert decided_by(CEM, begun) == casework.INCOMPLETE
    assert decided_by(CEM, begun, qualified=False) is None
    assert decided_by(CEM, replace(begun, findings=()), qualified=False) == casework.NOTHING_FOUND


def test_nobody_examines_themself_or_a_closed_case() -> None:
    def examined_by(who: Person, state: str = stages.OPEN, is_vetter: bool = True) -> str | None:
        return casework.may_examine(replace(COMPLETE, state=state), who, is_vetter=is_vetter)

    assert examined_by(CEM) is None
    assert examined_by(replace(APPLICANT, account=3, email="z@example.org")) == (
        casework.IS_APPLICANT
    )
    assert examined_by(CEM, is_vetter=False) == casework.NOT_A_VETTER
    assert examined_by(CEM, state=stages.DROPPED) == casework.CLOSED


def test_levels_are_those_last_found_and_what_failed_goes() -> None:
    again = Finding(stages.TECHNICAL, stages.PASSED, BOB, subject="BCP", level=1)
    stray = replace(again, subject="ZZZ")
    facts = replace(COMPLETE, findings=(*COMPLETE.findings, again, stray))
    assert casework.levels(facts) == {"BCP": 1}
    assert casework.failed_skills(facts) == {"CIR"}


def test_a_refusal_is_appealed_against_once_and_for_ninety_days() -> None:
    def against(
        kind: str = stages.APPLICATION, state: str = stages.REFUSED, *, again: bool = False,
        days: float = 90,
    ) -> str | None:  # fmt: skip
        return casework.may_appeal(kind, state, NOW - timedelta(days=days), again, NOW)

    assert against() is None
    assert against(stages.RENEWAL) is None
    assert against(days=90.001) == casework.TOO_LATE
    assert against(again=True) == casework.APPEALED
    assert against(stages.APPEAL) == casework.NOT_APPEALABLE
    assert against(state=stages.QUALIFIED) == against(state=stages.DROPPED) == casework.NOT_REFUSED


def test_cases_are_due_in_one_or_two_months() -> None:
    assert casework.due_on(stages.APPLICATION, date(2026, 6, 3)) == date(2026, 8, 2)
    assert casework.due_on(stages.APPEAL, date(2026, 6, 3)) == date(2026, 7, 3)
