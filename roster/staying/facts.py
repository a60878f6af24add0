"""What `rules.staying` needs to know of people, read from the database a batch at a time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload, selectinload

from roster.directory.profiles import rhythm_of
from roster.models import Certificate, Expert, Notice, PhoneProof, Reminder, VettingCase
from roster.rules import stages
from roster.rules.staying import Member, Occasion, Paper, Told


def read_members(session: Session, ids: Collection[int]) -> dict[int, Member]:
    """Each of `ids` (a few hundred at most) as the rules see them, in seven statements."""
    told, papers = _told(session, ids), _papers(session, ids)
    noticed, proofs = _noticed(session, ids), _proofs(session, ids)
    in_case = set(
        session.scalars(
            select(VettingCase.expert_id).where(
                VettingCase.expert_id.in_(ids), VettingCase.state == stages.OPEN
            )
        )
    )
    needed = (selectinload(Expert.absences), selectinload(Expert.weekly), lazyload("*"))
    experts = session.scalars(select(Expert).where(Expert.id.in_(ids)).options(*needed))
    return {
        expert.id: Member(
            status=expert.status, rhythm=rhythm_of(expert), valid_until=expert.valid_until,
            confirmed_at=_later(expert.validated_at, expert.reconfirmed_at),
            heard_at=expert.phone_proved_at, failed_at=expert.sms_failed_at,
            proof_at=proofs.get((expert.id, expert.phone)), has_phone=bool(expert.phone),
            opted_out=expert.opted_out_at is not None, papers=tuple(papers[expert.id]),
            told=told[expert.id], noticed_on=noticed.get(expert.id),
            case_open=expert.id in in_case,
        )
        for expert in experts
    }  # fmt: skip


def _told(session: Session, ids: Collection[int]) -> dict[int, dict[Occasion, Told]]:
    told: dict[int, dict[Occasion, Told]] = defaultdict(dict)
    for row in session.scalars(select(Reminder).where(Reminder.expert_id.in_(ids))):
        answered = row.answered_at is not None
        told[row.expert_id][row.about, row.occasion] = Told(row.times, row.sent_at, answered)
    return told


def _papers(session: Session, ids: Collection[int]) -> dict[int, list[Paper]]:
    papers: dict[int, list[Paper]] = defaultdict(list)
    ending = Certificate.expires_on.is_not(None)
    columns = (Certificate.id, Certificate.name, Certificate.expires_on, Certificate.skill)
    query = select(Certificate.expert_id, *columns).where(Certificate.expert_id.in_(ids), ending)
    for expert_id, number, name, last_day, skill in session.execute(query.order_by(Certificate.id)):
        if last_day is not None:
            papers[expert_id].append(Paper(number, name, last_day, skill or ""))
    return papers


def _noticed(session: Session, ids: Collection[int]) -> dict[int, date]:
    query = select(Notice.expert_id, func.max(Notice.day)).where(Notice.expert_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(Notice.expert_id))}


def _proofs(session: Session, ids: Collection[int]) -> dict[tuple[int, str], datetime]:
    wanted = func.max(PhoneProof.wanted_at)
    query = select(PhoneProof.expert_id, PhoneProof.phone, wanted).where(
        PhoneProof.expert_id.in_(ids)
    )
    rows = session.execute(query.group_by(PhoneProof.expert_id, PhoneProof.phone))
    return {(row[0], row[1]): row[2] for row in rows}


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)
