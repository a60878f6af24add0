"""All that the page of one case shows, read in few queries. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.accounts.holders import holders
from core.accounts.models import User
from roster.models import (
    Certificate,
    Evaluation,
    Expert,
    Nomination,
    Paper,
    VettingCase,
    VettingStep,
)
from roster.papers.names import told_apart
from roster.registrar.casefacts import SENTENCES, VETTER, facts_to_decide, person
from roster.registrar.cases import FOR
from roster.registrar.nominating import nomination_of
from roster.rules import casework, stages, terms
from roster.rules.casework import CaseFacts, Gap

Row = TypeVar("Row", Certificate, Paper, Evaluation)


@dataclass(frozen=True)
class Stage:
    """One stage: what was found, the newest last, and what is missing there."""

    word: str
    steps: list[VettingStep]
    gaps: list[Gap]

    @property
    def state(self) -> str:
        """`passed`, the latest result, `begun` when only something beside it is missing, or ``."""
        if not self.gaps:
            return stages.PASSED if self.steps else ""
        last = self.steps[-1].result if self.steps else ""
        return "begun" if last == stages.PASSED else last


@dataclass(frozen=True)
class Claim:
    """A skill at the level that the applicant names; `decided` is the level that they were given
    in its place, 0 for none; None where it is the same, or nothing was given."""

    skill: str
    level: int
    evidence: str
    decided: int | None = None


@dataclass(frozen=True)
class CaseFile:
    """A case with all around it. `against_…`: why the reader may not, in a sentence, or empty.

    `free_to_decide`: the vetters who have had no part in the case so far.
    """

    case: VettingCase
    earlier: VettingCase | None
    stages: list[Stage]
    gaps: list[Gap]
    claims: list[Claim]
    certificates: Sequence[Certificate]
    papers: Sequence[Paper]
    evaluations: Sequence[Evaluation]
    others: Sequence[VettingCase]
    nomination: Nomination | None
    against_examining: str
    against_qualifying: str
    against_refusing: str
    all_vetters: Sequence[User]
    free_to_decide: Sequence[User]

    @property
    def too_few_vetters(self) -> bool:
        """Whether there are not enough vetters at all to examine and to decide such a case."""
        return len(self.all_vetters) < casework.vetters_needed(self.case.kind)

    @property
    def named_papers(self) -> list[tuple[Paper, str]]:
        """The papers, each with a name that no other has."""
        names = told_apart([paper.file_name for paper in self.papers])
        return list(zip(self.papers, names, strict=True))


def read_case(session: Session, case: VettingCase, reader: User) -> CaseFile:
    """The file of `case` as `reader` may work on it."""
    expert, facts = case.expert, facts_to_decide(session, case)
    earlier = session.get(VettingCase, case.appeal_of) if case.appeal_of else None
    # What was decided well lacked nothing then, whatever has become of it since.
    gaps = [] if case.state == stages.QUALIFIED else casework.missing(facts)
    steps = [*(earlier.steps if earlier else ()), *case.steps]
    themself, is_vetter, everybody = person(reader), reader.is_a(VETTER), vetters(session)

    def against(qualified: bool) -> str | None:
        return casework.may_decide(facts, themself, is_vetter=is_vetter, qualified=qualified)

    return CaseFile(
        case=case,
        earlier=earlier,
        stages=[_stage(word, steps, gaps) for word in stages.STAGES],
        gaps=gaps,
        claims=_claims(case, facts),
        certificates=session.scalars(_of(Certificate, expert.id)).all(),
        papers=session.scalars(_of(Paper, expert.id)).all(),
        evaluations=session.scalars(_of(Evaluation, expert.id)).all(),
        others=[one for one in cases_about(session, expert.id) if one.id != case.id],
        nomination=nomination_of(session, expert),
        against_examining=_sentence(casework.may_examine(facts, themself, is_vetter=is_vetter)),
        against_qualifying=_sentence(against(True)),
        against_refusing=_sentence(against(False)),
        all_vetters=everybody,
        free_to_decide=[one for one in everybody if not casework.has_part_in(facts, person(one))],
    )


def _claims(case: VettingCase, facts: CaseFacts) -> list[Claim]:
    """What is claimed while the case is open; then what was claimed, and what came of it."""
    present = {claim.skill: claim for claim in case.expert.skills}
    levels = {code: claim.level for code, claim in present.items()}
    claimed = levels if case.state == stages.OPEN else case.claimed
    given = dict(claimed)
    if case.state == stages.QUALIFIED:
        then = replace(facts, skills=frozenset(claimed))
        given |= casework.levels(then) | dict.fromkeys(casework.failed_skills(then), 0)
    return [
        Claim(
            skill, level, present[skill].evidence if skill in present else "",
            given[skill] if given[skill] != level else None,
        )
        for skill, level in sorted(claimed.items())
    ]  # fmt: skip


def cases_about(session: Session, expert: int) -> Sequence[VettingCase]:
    """All cases about the expert with this number, the newest first."""
    query = select(VettingCase).where(VettingCase.expert_id == expert)
    return session.scalars(query.order_by(VettingCase.id.desc())).unique().all()


def kinds_for(expert: Expert) -> list[str]:
    """The kinds of case that could be opened about `expert`, as they stand now."""
    is_out = expert.status == terms.SUSPENDED
    return [
        kind
        for kind in (stages.RENEWAL, stages.REVIEW, stages.APPLICATION)
        if (expert.status_before if is_out and kind != stages.APPLICATION else expert.status)
        in FOR[kind]
    ]


def vetters(session: Session) -> Sequence[User]:
    """Everybody to whom a case can be handed, by name."""
    query = holders(VETTER).order_by(None).order_by(User.name, User.email)
    return session.scalars(query).all()


def _stage(word: str, steps: list[VettingStep], gaps: list[Gap]) -> Stage:
    return Stage(
        word,
        [step for step in steps if step.stage == word],
        [gap for gap in gaps if gap.stage == word],
    )


def _of(table: type[Row], expert: int) -> Select[Row]:
    return select(table).where(table.expert_id == expert).order_by(table.id)


def _sentence(reason: str | None) -> str:
    return str(SENTENCES[reason]) if reason else ""
