"""Filters of the queue that few cases match: then those few are looked up, not each case in turn.

In the order of the queue a filter costs as many looks as there are cases before the page is full:
few when many match, all of them when none does. So the rows that a match needs are counted first,
a few hundred at most, from an index that has them together.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, union_all
from sqlalchemy.orm import Session, aliased

from roster.models import Expert, VettingCase, VettingStep
from roster.rules import stages
from roster.vetting.waiting import DECISION

FEW = 1000
LAST = stages.STAGES[-1]


@dataclass(frozen=True)
class Scarce:
    """Of which of these there are `FEW` at most."""

    people: bool = False
    examined: bool = False


def look(session: Session, *, region: str, stage: str) -> Scarce:
    """How scarce people of `region` are, and cases whose last stage was passed; if asked for."""
    examined = stage == DECISION and _are_few(session, _ripe())
    return Scarce(bool(region) and _are_few(session, _people(region)), examined)


def of_people(region: str) -> ColumnElement[bool]:
    """A case of somebody in `region`, from the side of the people."""
    return VettingCase.expert_id.in_(_people(region))


def of_examined() -> ColumnElement[bool]:
    """A case that may be ready to be decided, from the side of what was found."""
    return VettingCase.id.in_(_ripe())


def _people(region: str) -> Select[int]:
    return select(Expert.id).where(Expert.region == region)


def _ripe() -> CompoundSelect[int]:
    """Cases whose last stage was passed once, appeals against those, and reviews: open or over.

    A review may be decided without that stage.
    """
    passed = select(VettingStep.case_id).where(
        VettingStep.stage == LAST, VettingStep.result == stages.PASSED
    )
    appeal, review = aliased(VettingCase), aliased(VettingCase)
    return union_all(
        passed,
        select(appeal.id).where(appeal.appeal_of.is_not(None), appeal.appeal_of.in_(passed)),
        select(review.id).where(review.state == stages.OPEN, review.kind == stages.REVIEW),
    )


def _are_few(session: Session, rows: Select[int] | CompoundSelect[int]) -> bool:
    some = rows.limit(FEW + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= FEW
