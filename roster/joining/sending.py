"""Sends an application, once: it opens a case, or those it names are told that they are there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from roster import registrar
from roster.joining.letters import mail_known, mail_link, mail_received
from roster.joining.limits import may_mail
from roster.joining.steps import HELD
from roster.models import Application, Expert
from roster.registrar.applying import AlreadyOnRosterError

TRIES = 2


def send(
    session: Session, application: Application, now: datetime, *, by_mail: bool = False
) -> None:
    """Makes an applicant of `application`, if nobody of that address or phone is there.

    Who was refused or has left may apply again, but only `by_mail`, by the link that their address
    got: others leave the draft to them. A second time does nothing. Raises
    joining.reading.IncompleteApplicationError.
    """
    if application.sent_at is not None or (HELD in application.answers and not by_mail):
        return
    email, language = application.email, application.language
    there = _apply(session, application, now, by_mail)
    if there is not None and not by_mail and registrar.may_apply_again(session, there, email):
        _leave_to_owner(session, application, now)
        return
    if there is not None:
        registrar.set_aside(application, now)
        mail_known(session, there, now)
    if there is None or there.email != email:
        mail_received(session, email, language, now)


def _leave_to_owner(session: Session, application: Application, now: datetime) -> None:
    """Whoever typed sees it as sent; whoever reads the mails of the address can send it."""
    application.answers = {**application.answers, HELD: True}
    application.updated_at = now
    if may_mail(session, application.email, "left-to-owner", now):
        mail_link(session, application, now)


def hold(session: Session, application_id: int) -> Application:
    """The draft, read afresh and kept from others until this transaction ends."""
    query = select(Application).where(Application.id == application_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _apply(
    session: Session, application: Application, now: datetime, by_mail: bool
) -> Expert | None:
    """Who was there already; None when the application went through."""
    for attempt in range(TRIES):
        try:
            with session.begin_nested():
                registrar.apply(session, application, now=now, by_mail=by_mail)
                return None
        except AlreadyOnRosterError as error:
            return error.expert
        except IntegrityError:  # the same person at the same moment: they are there now
            if attempt + 1 == TRIES:
                raise
    return None
