"""What duty officers and offices are told, by text and by mail; answers to lost texts; tests."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.accounts.models import User
from core.i18n import nearest_language
from core.mail import queue_mail
from core.wake import wake
from core.web import public_url
from dispatch import wording
from dispatch.messages.recipients import (
    Reader,
    duty_officers,
    office_readers,
    settings,
    status_link,
)
from dispatch.messages.urgency import URGENT, urgency_of_notice
from dispatch.models import Attempt, CrisisRequest
from dispatch.rules import terms
from dispatch.rules.segments import count
from roster.models import Expert

ANSWER, TRIAL = "answer", "test"


def tell_duty_officers(
    session: Session, request: CrisisRequest | None, purpose: str, now: datetime, detail: str = ""
) -> int:
    """Tells every duty officer on duty, by text and by mail; how many there are.

    `purpose` is one of wording.duty's; `detail` is an error code.
    """
    officers = duty_officers(session)
    for officer in officers:
        body = wording.duty_text(request, purpose, officer.language, public_url("/desk/"), detail)
        subject = wording.duty_subject(request, officer.language)
        _tell(session, officer, request, now, purpose=purpose, subject=subject, body=body)
    return len(officers)


def tell_office(session: Session, request: CrisisRequest, purpose: str, now: datetime) -> int:
    """Tells the contact of `request` and the office's focal points, by text and mail.

    `purpose` is one of wording.offices.TEXTS (KeyError otherwise). Returns how many were told.
    """
    readers = office_readers(session, request)
    link, phone = status_link(request), settings().emergency_phone
    for reader in readers:
        body = wording.office_text(request, purpose, reader.language, link, phone)
        subject = wording.office_subject(request, reader.language)
        _tell(session, reader, request, now, purpose=purpose, subject=subject, body=body)
    return len(readers)


def answer_text(session: Session, to: str, body: str, language: str, now: datetime) -> Attempt:
    """Answers a text whose webhook was lost, and so could not be answered at once."""
    return _text(session, Reader(to, "", language), None, now, purpose=ANSWER, body=body)


def send_test_text(session: Session, to: User | Expert, now: datetime) -> Attempt | None:
    """A test text to somebody's own phone; None without a phone, or after they said STOP."""
    expert = to if isinstance(to, Expert) else None
    if not to.phone or (expert is not None and expert.opted_out_at is not None):
        return None
    body = wording.trial_text(to.language, f"{now:%H:%M:%S}")
    attempt = _text(session, Reader(to.phone, "", to.language), None, now, purpose=TRIAL, body=body)
    attempt.expert_id = expert.id if expert else None
    return attempt


def _tell(
    session: Session,
    reader: Reader,
    request: CrisisRequest | None,
    now: datetime,
    *,
    purpose: str,
    subject: str,
    body: str,
) -> None:
    if reader.phone:
        _text(session, reader, request, now, purpose=purpose, body=body)
    if reader.email:
        queue_mail(session, to=reader.email, subject=subject, body=body, now=now)


def _text(
    session: Session,
    reader: Reader,
    request: CrisisRequest | None,
    now: datetime,
    *,
    purpose: str,
    body: str,
) -> Attempt:
    attempt = Attempt(
        request_id=request.id if request else None, purpose=purpose, channel=terms.SMS, number=1,
        to=reader.phone, language=nearest_language(reader.language), body=body,
        segments=count(body).segments,
        priority=urgency_of_notice(request.severity) if request else URGENT,
        queued_at=now, due_at=now, status=terms.QUEUED, tries=0,
    )  # fmt: skip
    session.add(attempt)
    wake(session)
    return attempt
