"""Cases for tests: applicants, and examinations by the verbs that HR uses."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.models import Expert, Reference, VettingCase
from roster.rules import stages, terms
from tests.factories import make_expert, make_user

REFEREES = ("one.referee@example.org", "two.referee@example.org")
PLAIN = tuple(stage for stage in stages.STAGES if stage not in {stages.TECHNICAL, stages.INTERVIEW})


def make_applicant(session: Session, **columns: Any) -> Expert:
    """Somebody who has applied, with a phone that is proved."""
    nothing = {
        "status": terms.APPLICANT, "vetted_by": None, "approved_by": None, "evidence": "",
        "valid_until": None, "validated_at": None, "phone_proved_at": clock.now(session),
    }  # fmt: skip
    return make_expert(session, **(nothing | columns))


def make_vetters(session: Session, number: int = 3) -> list[User]:
    """So many vetters."""
    return [make_user(session, "vetter") for _ in range(number)]


def open_case(
    session: Session, expert: Expert, kind: str = stages.APPLICATION, now: datetime | None = None
) -> VettingCase:
    """An open case about `expert`."""
    with writing():
        now = now or clock.now(session)
        return registrar.open_case(session, expert, kind, actor="system", now=now)


def find(
    session: Session, case: VettingCase, stage: str, reviewer: User, result: str = stages.PASSED,
    **given: Any,
) -> None:  # fmt: skip
    """One finding."""
    with writing():
        said = {"evidence": "Seen."} | given
        registrar.record_step(
            session, case, stage, result, reviewer=reviewer, now=clock.now(session), **said
        )


def hear_referees(session: Session, case: VettingCase, recommends: bool = True) -> None:
    """Both references are answered."""
    with writing():
        now = clock.now(session)
        for email in REFEREES:
            case.references.append(
                Reference(
                    name="A referee",
                    email=email,
                    asked_at=now,
                    answered_at=now,
                    recommends=recommends,
                )
            )


def examine(session: Session, case: VettingCase, first: User, second: User) -> None:
    """Passes every stage: `first` finds all, `second` is the other interviewer."""
    hear_referees(session, case)
    for stage in PLAIN:
        find(session, case, stage, first)
    for claim in list(case.expert.skills):
        find(session, case, stages.TECHNICAL, first, subject=claim.skill, level=3)
    for reviewer in (first, second):
        find(session, case, stages.INTERVIEW, reviewer, score=4)


def decide(
    session: Session, case: VettingCase, decider: User, qualified: bool = True, **given: Any
) -> None:
    """The decision, now unless said."""
    with writing():
        said = {"now": clock.now(session), "reasons": "" if qualified else "Too little."} | given
        registrar.decide(session, case, qualified, decider=decider, **said)


def refused(session: Session, case: VettingCase, vetters: list[User]) -> VettingCase:
    """`case`, examined by the first and refused by the second."""
    find(session, case, stages.COMPLETENESS, vetters[0], stages.FAILED)
    decide(session, case, vetters[1], qualified=False)
    return case
