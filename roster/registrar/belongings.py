"""What hangs on a person in the roster, row by row: removed, or kept for counting without a word.

Part of erasure. The files of papers are only marked here: they go when the transaction is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.accounts.erasing import nowhere_address
from core.erasing import Traces
from core.phone import BadPhoneError, to_e164
from roster.models import (
    Absence,
    Application,
    BulkChange,
    Certificate,
    Conflict,
    Evaluation,
    Expert,
    ExpertLanguage,
    Nomination,
    Notice,
    Paper,
    PhoneProof,
    Posting,
    Reference,
    Reminder,
    SkillClaim,
    VettingCase,
    VettingStep,
    WeeklyHours,
)
from roster.registrar.files import remove_after_commit
from roster.registrar.mentions import blank_mentions
from roster.rules import stages

NOBODY = "–"  # pages show it where the name was
# Nothing of these is counted later: the whole row goes.
REMOVED: tuple[InstrumentedAttribute[Any], ...] = (
    PhoneProof.expert_id,
    Reminder.expert_id,
    Notice.expert_id,
    ExpertLanguage.expert_id,
    SkillClaim.expert_id,
    Conflict.expert_id,
    Absence.expert_id,
    WeeklyHours.expert_id,
    Posting.expert_id,
)


def empty_belongings(session: Session, expert: Expert, known: Traces, now: datetime) -> None:
    """Removes or empties every row of the roster that is about `expert`."""
    session.flush()
    _remove_papers_and_drafts(session, expert)
    for column in REMOVED:
        session.execute(delete(column.class_).where(column == expert.id))
    _empty_cases(session, expert, now)
    _leave_as_referee(session, known, now)
    blank_mentions(session, known)
    session.execute(update(Evaluation).where(Evaluation.expert_id == expert.id).values(comment=""))
    for change in _bulk_changes(session, known):
        change.wanted = {} if known.are_in(change.wanted) else change.wanted
        change.differences = [row for row in change.differences if not known.are_in(row)]
        change.refused = [row for row in change.refused if not known.are_in(row)]
    session.expire(expert)


def referees_of(session: Session, expert: Expert) -> set[str]:
    """The addresses of those who were asked about `expert`."""
    cases = select(VettingCase.id).where(VettingCase.expert_id == expert.id)
    return set(session.scalars(select(Reference.email).where(Reference.case_id.in_(cases))))


def subjects_of(session: Session, expert: Expert) -> list[str]:
    """As what `expert` and everything of theirs is named in the audit."""
    named: dict[str, Sequence[Any]] = {
        "paper": _papers(session, expert),
        "application": _drafts(session, expert),
        "nomination": _nominations(session, expert),
    }
    rows = [f"{kind}:{row.public_id}" for kind, found in named.items() for row in found]
    return [f"expert:{expert.public_id}", *rows]


def _drafts(session: Session, expert: Expert) -> Sequence[Application]:
    """Also those that only have the address, or under another one the phone."""
    theirs = or_(
        Application.expert_id == expert.id, Application.email == expert.email,
        Application.id.in_(_drafts_with_phone(session, expert.phone)),
    )  # fmt: skip
    return session.scalars(select(Application).where(theirs)).all()


def _drafts_with_phone(session: Session, phone: str) -> list[int]:
    # Not sent, or set aside because somebody of that address or phone was there.
    kept = select(Application.id, Application.answers).where(Application.expert_id.is_(None))
    return [row.id for row in session.execute(kept) if _phone_in(row.answers) == phone]


def _phone_in(answers: dict[str, Any]) -> str:
    """The phone of whoever fills in a draft (E.164), empty while there is none."""
    typed = answers.get("person", {}).get("phone") or [""]
    try:
        return to_e164(str(typed[0]))
    except BadPhoneError:
        return ""


def _papers(session: Session, expert: Expert) -> Sequence[Paper]:
    drafts = [draft.id for draft in _drafts(session, expert)]
    theirs = or_(Paper.expert_id == expert.id, Paper.application_id.in_(drafts))
    return session.scalars(select(Paper).where(theirs)).all()


def _nominations(session: Session, expert: Expert) -> Sequence[Nomination]:
    named = [draft.nomination_id for draft in _drafts(session, expert)]
    theirs = or_(Nomination.id.in_(named), Nomination.email == expert.email)
    return session.scalars(select(Nomination).where(theirs)).all()


def _remove_papers_and_drafts(session: Session, expert: Expert) -> None:
    papers, drafts = _papers(session, expert), _drafts(session, expert)
    nominations = _nominations(session, expert)
    remove_after_commit(session, [paper.stored_as for paper in papers])
    session.execute(delete(Certificate).where(Certificate.expert_id == expert.id))
    tables: tuple[tuple[Any, Sequence[Any]], ...] = (
        (Paper, papers), (Application, drafts), (Nomination, nominations),
    )  # fmt: skip
    for table, rows in tables:
        session.execute(delete(table).where(table.id.in_([row.id for row in rows])))


def _empty_cases(session: Session, expert: Expert, now: datetime) -> None:
    cases = select(VettingCase.id).where(VettingCase.expert_id == expert.id)
    over = {"state": stages.DROPPED, "decided_at": now}
    still_open = (VettingCase.expert_id == expert.id, VettingCase.state == stages.OPEN)
    session.execute(update(VettingCase).where(*still_open).values(over))
    session.execute(delete(Reference).where(Reference.case_id.in_(cases)))
    empty = {"evidence": "", "comment": ""}
    session.execute(update(VettingStep).where(VettingStep.case_id.in_(cases)).values(empty))
    words = {"declared": "", "words": "", "reasons": "", "comment": "", "claimed": {}}
    session.execute(update(VettingCase).where(VettingCase.expert_id == expert.id).values(words))


def _leave_as_referee(session: Session, known: Traces, now: datetime) -> None:
    """What they said of others stays, without who said it; what was not said yet never comes."""
    asked = select(Reference).where(Reference.email.in_(known.words))
    for reference in session.scalars(asked):
        reference.name, reference.email = NOBODY, nowhere_address(reference.public_id)
        reference.organisation = reference.relation = ""
        if reference.answered_at is None:
            reference.declined_at = reference.declined_at or now
    session.flush()


def _bulk_changes(session: Session, known: Traces) -> Iterator[BulkChange]:
    places = (BulkChange.wanted, BulkChange.differences, BulkChange.refused)
    yield from session.scalars(select(BulkChange).where(or_(*map(known.in_column, places))))
