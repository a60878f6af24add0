"""References: referees are named, asked by mail with a signed link, reminded, and heard once."""

from datetime import datetime

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import links
from core.i18n import nearest_language, speaking
from core.mail import BadAddressError, queue_mail, to_address
from core.web import link_to
from roster.models import Reference, VettingCase
from roster.registrar.cases import hold
from roster.registrar.news import tell
from roster.rules import stages
from roster.rules.vetting import Person, same_person

PURPOSE = "reference"
REFEREE = "referee"
LONGEST_ANSWER = 4000
QUESTIONS = ("known_for", "role", "strengths", "concerns")


class RefereeError(ValueError):
    """Why somebody cannot be asked about an applicant; its text says so to a person."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def name_reference(
    session: Session,
    case: VettingCase,
    name: str,
    email: str,
    *,
    language: str = "en",
    organisation: str = "",
    relation: str = "",
    actor: str,
    now: datetime,
) -> Reference:
    """Notes a referee who has not been asked yet; the one of this address when there is one.

    Raises RefereeError for a case that is over, a text that is no address, and the applicant.
    """
    hold(session, case)
    address = _address(case, email)
    for known in case.references:
        if known.email == address:
            return known
    reference = Reference(
        name=name.strip()[:200], email=address, language=nearest_language(language),
        organisation=organisation.strip()[:200], relation=relation.strip()[:200],
    )  # fmt: skip
    case.references.append(reference)
    session.flush()
    tell(session, case.expert, "referee_named", actor=actor, now=now, case=case.public_id,
         reference=reference.public_id)  # fmt: skip
    return reference


def ask_reference(
    session: Session,
    case: VettingCase,
    name: str,
    email: str,
    *,
    language: str = "en",
    organisation: str = "",
    relation: str = "",
    actor: str,
    now: datetime,
) -> Reference:
    """Names the referee if need be and mails them the link to the form; once only.

    Raises RefereeError as `name_reference` does.
    """
    reference = name_reference(
        session, case, name, email, language=language, organisation=organisation,
        relation=relation, actor=actor, now=now,
    )  # fmt: skip
    session.refresh(reference)
    if reference.asked_at is None:
        reference.asked_at = now
        _mail(session, reference, case, now, again=False)
        tell(session, case.expert, "referee_asked", actor=actor, now=now, case=case.public_id,
             reference=reference.public_id)  # fmt: skip
    return reference


def remind_reference(session: Session, reference: Reference, now: datetime) -> bool:
    """Mails the link once more; False when the answer is there, or nobody waits for it."""
    case = case_waiting(session, reference)
    if reference.asked_at is None or case is None:
        return False
    reference.reminded_at, reference.reminders = now, (reference.reminders or 0) + 1
    _mail(session, reference, case, now, again=True)
    return True


def record_reference(
    session: Session,
    reference: Reference,
    recommends: bool | None,
    answers: dict[str, str],
    now: datetime,
) -> bool:
    """Keeps what the referee said, the first time only; None: they would rather say nothing.

    False when they had answered already, or the case is over: then nothing is changed.
    """
    case = case_waiting(session, reference)
    if case is None:
        return False
    hold(session, case)
    session.refresh(reference)  # sent twice at one moment, the first answer stays
    if case_waiting(session, reference) is None:
        return False
    if recommends is None:
        reference.declined_at, said = now, "referee_declined"
    else:
        reference.answered_at, reference.recommends = now, recommends
        reference.answers = {
            question: answers.get(question, "").strip()[:LONGEST_ANSWER] for question in QUESTIONS
        }
        said = "referee_answered"
    tell(session, case.expert, said, actor=REFEREE, now=now, case=case.public_id,
         reference=reference.public_id)  # fmt: skip
    return True


def case_waiting(session: Session, reference: Reference) -> VettingCase | None:
    """The open case that the word of this referee still counts in; None when it is over for them.

    It is the one they were named in, or the appeal that goes on from it.
    """
    if reference.answered_at is not None or reference.declined_at is not None:
        return None
    theirs = or_(VettingCase.id == reference.case_id, VettingCase.appeal_of == reference.case_id)
    query = select(VettingCase).where(theirs, VettingCase.state == stages.OPEN)
    return session.scalars(query).unique().first()


def _address(case: VettingCase, email: str) -> str:
    if case.state != stages.OPEN:
        raise RefereeError("closed", _("This case is decided: nobody can be asked any more."))
    try:
        address = to_address(email)
    except BadAddressError as error:
        raise RefereeError("address", _("Enter an e-mail address, such as a@b.org.")) from error
    applicant = case.expert
    if same_person(Person(None, address), Person(applicant.user_id, applicant.email)):
        raise RefereeError("applicant", _("Nobody can be their own referee."))
    return address


def _mail(
    session: Session, reference: Reference, case: VettingCase, now: datetime, *, again: bool
) -> None:
    token = links.sign(PURPOSE, reference.public_id)
    with speaking(reference.language):
        body = render_template(
            "vetting/mails/reference.txt", reference=reference, applicant=case.expert.name,
            link=link_to("referee.show_reference", token=token), again=again,
        )  # fmt: skip
        subject = (
            _("A reminder: your word about %(name)s", name=case.expert.name)
            if again
            else _("May we ask you about %(name)s?", name=case.expert.name)
        )
    queue_mail(session, to=reference.email, subject=" ".join(subject.split()), body=body, now=now)
