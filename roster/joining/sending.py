"""Sends an application, once: it opens a case, or those it names are told that they are there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from roster import registrar
from roster.joining.letters import mail_known, mail_received
from roster.joining.papers import papers_of, throw_away
from roster.models import Application, Expert
from roster.registrar.applying import AlreadyOnRosterError

TRIES = 2
STRANGER = "anonymous"


def send(session: Session, application: Application, now: datetime) -> None:
    """Makes an applicant of `application`, if nobody of that address or phone is there.

    A second time does nothing. Raises joining.reading.IncompleteApplicationError.
    """
    if application.sent_at is not None:
        return
    email, language = application.email, application.language
    there = _apply(session, application, now)
    if there is not None:
        for paper in papers_of(session, application):
            throw_away(session, paper, actor=STRANGER, now=now)
        registrar.close_draft(application, now)
        mail_known(session, there, now)
    if there is None or there.email != email:
        mail_received(session, email, language, now)


def hold(session: Session, application_id: int) -> Application:
    """The draft, read afresh and kept from others until this transaction ends."""
    query = select(Application).where(Application.id == application_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _apply(session: Session, application: Application, now: datetime) -> Expert | None:
    """Who was there already; None when the application went through."""
    for attempt in range(TRIES):
        try:
            with session.begin_nested():
                registrar.apply(session, application, now=now)
                return None
        except AlreadyOnRosterError as error:
            return error.expert
        except IntegrityError:  # the same person at the same moment: they are there now
            if attempt + 1 == TRIES:
                raise
    return None
