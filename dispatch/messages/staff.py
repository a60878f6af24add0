"""What duty officers and offices are told, by text and by mail; answers to lost texts; tests."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.accounts.models import User
from core.i18n import nearest_language
from core.mail import queue_mails
from core.web import public_url
from dispatch import wording
from dispatch.messages.recipients import (
    Reader,
    duty_officers,
    office_readers,
    settings,
    status_link,
    who_comes,
)
from dispatch.messages.rows import leave, row_of
from dispatch.messages.urgency import URGENT, urgency_of_notice
from dispatch.models import CrisisRequest
from dispatch.rules import terms
from dispatch.wording import offices
from roster.models import Expert

ANSWER, TRIAL = "answer", "test"


def tell_duty_officers(
    session: Session, request: CrisisRequest | None, purpose: str, now: datetime, detail: str = ""
) -> int:
    """Tells every duty officer on duty, by text and by mail; how many there are.

    `purpose` is one of wording.duty's; `detail` is an error code. The link opens the case that is
    spoken of, and the duty board where it is none.
    """
    officers, link = duty_officers(session), public_url(f"/desk/{request.ref if request else ''}")

    def say(language: str) -> tuple[str, str]:
        body = wording.duty_text(request, purpose, language, link, detail)
        return wording.duty_subject(request, language), body

    _tell(session, officers, request, now, purpose=purpose, say=say)
    return len(officers)


def tell_office(session: Session, request: CrisisRequest, purpose: str, now: datetime) -> int:
    """Tells the contact of `request` and the office's focal points, by text and mail.

    `purpose` is one of wording.offices.TEXTS (KeyError otherwise). Returns how many were told.
    """
    readers = office_readers(session, request)
    news = offices.News(
        request, status_link(request, now), settings().emergency_phone,
        who_comes(session, request) if purpose == offices.ACCEPTED else (),
    )  # fmt: skip

    def say(language: str) -> tuple[str, str]:
        body = offices.office_text(news, purpose, language)
        return offices.office_subject(request, language), body

    _tell(session, readers, request, now, purpose=purpose, say=say)
    return len(readers)


def answer_text(session: Session, to: str, body: str, language: str, now: datetime) -> None:
    """Answers a text whose webhook was lost, and so could not be answered at once."""
    leave(session, [_text(to, language, body, now, purpose=ANSWER, request=None)])


def send_test_text(session: Session, to: User | Expert, now: datetime) -> bool:
    """A test text to somebody's own phone; False without a phone, or after they said STOP."""
    expert = to if isinstance(to, Expert) else None
    if not to.phone or (expert is not None and expert.opted_out_at is not None):
        return False
    body = wording.trial_text(to.language, f"{now:%H:%M:%S}")
    text = _text(to.phone, to.language, body, now, purpose=TRIAL, request=None)
    leave(session, [text | {"expert_id": expert.id if expert else None}])
    return True


def _tell(
    session: Session,
    readers: Sequence[Reader],
    request: CrisisRequest | None,
    now: datetime,
    *,
    purpose: str,
    say: Callable[[str], tuple[str, str]],
) -> None:
    """Tells all `readers` what `say` says in a language, as subject and body: once for each."""
    words = {
        language: say(language)
        for language in {nearest_language(reader.language) for reader in readers}
    }
    texts, letters = [], []
    for reader in readers:
        language = nearest_language(reader.language)
        subject, body = words[language]
        if reader.phone:
            texts.append(_text(reader.phone, language, body, now, purpose=purpose, request=request))
        if reader.email:
            letters.append((reader.email, subject, body))
    leave(session, texts)
    queue_mails(session, letters, now)


def _text(
    to: str, language: str, body: str, now: datetime, *, purpose: str, request: CrisisRequest | None
) -> dict[str, Any]:
    return row_of(
        purpose=purpose, channel=terms.SMS, to=to, language=nearest_language(language), body=body,
        priority=urgency_of_notice(request.severity) if request else URGENT,
        request_id=request.id if request else None, now=now,
    )  # fmt: skip
