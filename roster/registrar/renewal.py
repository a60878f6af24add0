"""Staying on the roster or leaving it: reconfirmation, withdrawal, and what missions showed.

Expiry by date is `registrar.expire`; who is reminded of what is `roster.staying`.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from roster.models import Evaluation, Expert, Notice, Reminder
from roster.registrar.cases import drop_case, hold, open_case, open_case_of
from roster.registrar.news import tell
from roster.registrar.standing import WrongStandingError, hold_standing
from roster.rules import stages
from roster.rules.cadences import POOR_RATING, RATINGS
from roster.rules.staying import RECONFIRMATION
from roster.rules.terms import REMOVED, SUSPENDED, VETTED
from roster.rules.vetting import may_follow

LONGEST_COMMENT = 4000
LONGEST_WHY = 500
A_DAY = timedelta(days=1)


def reconfirm(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """The expert still wants to be asked; that question is answered, and every notice so far.

    It renews no validity and no certificate: reminders of these go on. Raises WrongStandingError
    for somebody who is not on the roster.
    """
    _check_standing(expert)
    expert.reconfirmed_at = now
    _answer(session, expert, now, RECONFIRMATION)
    tell(session, expert, "reconfirmed", actor=actor, now=now)


def withdraw_expert(
    session: Session, expert: Expert, why: str, *, actor: str, now: datetime
) -> None:
    """The expert leaves the roster for good: removed. Dispatch takes back what they were offered.

    An open case ends with it. Raises WrongStandingError for somebody who has left already.
    """
    case = open_case_of(session, expert)
    if case is not None:
        hold(session, case)
    hold_standing(session, expert)
    if not may_follow(expert.status, REMOVED):
        raise WrongStandingError(expert.status, REMOVED)
    if case is not None and case.state == stages.OPEN:
        drop_case(session, case, actor=actor, now=now)
    before = expert.status
    expert.status, expert.status_before, expert.panel_since = REMOVED, "", None
    _answer(session, expert, now)
    tell(session, expert, "withdrew", actor=actor, now=now, before=before,
         why=why.strip()[:LONGEST_WHY])  # fmt: skip


def record_evaluation(
    session: Session,
    expert: Expert,
    mission: str,
    rating: int,
    comment: str,
    *,
    by: str,
    now: datetime,
) -> Evaluation | None:
    """Keeps what was said of `expert` after `mission` (its public id), the first time only.

    `rating` is 1 (poor) to 5. None when somebody has rated that mission before. Poor work opens a
    review, unless a case is open that will show it anyway. Raises ValueError for another rating.
    """
    if rating not in RATINGS:
        raise ValueError(f"a rating is one of {RATINGS}")
    session.execute(select(Expert.id).where(Expert.id == expert.id).with_for_update(of=Expert))
    if session.scalar(select(Evaluation.id).where(Evaluation.mission == mission)) is not None:
        return None
    evaluation = Evaluation(
        expert_id=expert.id, mission=mission, by=by, rating=rating,
        comment=comment.strip()[:LONGEST_COMMENT], at=now,
    )  # fmt: skip
    session.add(evaluation)
    tell(session, expert, "evaluated", actor=by, now=now, mission=mission, rating=rating)
    standing = expert.status_before if expert.status == SUSPENDED else expert.status
    if rating <= POOR_RATING and standing in VETTED and open_case_of(session, expert) is None:
        open_case(session, expert, stages.REVIEW, actor="system", now=now)
    return evaluation


def hear_phone(session: Session, expert: Expert, now: datetime, *, proves: bool = False) -> None:
    """Notes that something came from the expert's phone: it need not be proved anew for a while.

    With `proves` it answered a question that only this phone was asked; else it had to be proved
    before, since anybody who writes to us might have got the number.
    """
    if proves:
        expert.two_way, expert.sms_failed_at = True, None
    if proves or was_proved_a_day_ago(expert.phone_proved_at, now):
        expert.phone_proved_at = now


def was_proved_a_day_ago(proved_at: datetime | None, now: datetime) -> bool:
    """Whether a phone was proved, at `proved_at` (UTC, None for never), but not just lately.

    Only then is it worth a write that something came from it again.
    """
    return proved_at is not None and now - proved_at >= A_DAY


def _check_standing(expert: Expert) -> None:
    standing = expert.status_before if expert.status == SUSPENDED else expert.status
    if standing not in VETTED:
        raise WrongStandingError(expert.status, expert.status)


def _answer(session: Session, expert: Expert, now: datetime, about: str = "") -> None:
    """Ends the notices, and the reminders of `about`; of everything without it."""
    session.flush()
    said = Reminder.about == about if about else true()
    for table, which in ((Reminder, said), (Notice, true())):
        session.execute(
            update(table)
            .where(table.expert_id == expert.id, table.answered_at.is_(None), which)
            .values(answered_at=now)
        )
