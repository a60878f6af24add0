"""The mails about an application, each in the language of whoever gets it.

No more than a few a day go to one address: anybody can type it into the form.
"""

from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import links
from core.i18n import speaking
from core.mail import queue_mail
from core.web import link_to
from roster import registrar
from roster.joining.limits import may_mail
from roster.models import Application, Expert, Nomination
from roster.rules import terms

# The link of the mail; and that of the browser in which somebody typed the address of the mail.
PURPOSE, BEGUN = "application", "application-begun"
NOMINATED = "nomination"
VALID_DAYS = 60
# What is said to somebody who is known: they are on the roster, being examined, or may try again.
THERE, EXAMINED, AGAIN = "there", "examined", "again"


def token_of(application: Application) -> str:
    """What stands for `application` in the addresses of its pages, for whoever reads its mails."""
    return links.sign(PURPOSE, application.public_id)


def begun_token_of(application: Application) -> str:
    """The same for whoever has only typed the address: good until its owner goes on."""
    return links.sign(BEGUN, application.public_id)


def mail_link(
    session: Session,
    application: Application,
    now: datetime,
    earlier: Application | None = None,
) -> None:
    """The link under which the application goes on; and that of an `earlier` one.

    Whether the address may get one more is for the caller to have asked.
    """
    link = link_to("apply.overview", token=token_of(application))
    other = link_to("apply.overview", token=token_of(earlier)) if earlier else ""
    with speaking(application.language):
        subject = _("Your application to join the experts")
    _queue(
        session, application.email, application.language, "link",
        subject=subject, now=now, link=link, earlier=other,
    )  # fmt: skip


def mail_received(session: Session, email: str, language: str, now: datetime) -> None:
    """To whoever sent an application; the same words whether it opened a case or not."""
    with speaking(language):
        subject = _("We have your application")
    _mail(session, email, language, "received", subject=subject, now=now)


def mail_known(session: Session, expert: Expert, now: datetime) -> None:
    """To somebody on the roster whose address or phone was in an application."""
    with speaking(expert.language):
        subject = _("An application with your address or phone number")
    _mail(
        session, expert.email, expert.language, "known", subject=subject, now=now,
        name=expert.name, standing=_standing(session, expert), link=link_to("apply.start"),
    )  # fmt: skip


def mail_nominated(session: Session, nomination: Nomination, by: str, now: datetime) -> None:
    """The invitation to apply; `by` is the coordinator's name."""
    token = links.sign(NOMINATED, nomination.public_id)
    with speaking(nomination.language):
        subject = _("You were nominated to join the experts")
    _mail(
        session, nomination.email, nomination.language, "nominated",
        subject=subject, now=now,
        name=nomination.name, by=by, link=link_to("apply.nominated", token=token),
    )  # fmt: skip


def mail_nominated_known(session: Session, expert: Expert, by: str, now: datetime) -> None:
    """To somebody nominated who is on the roster already, or whose application is examined."""
    standing = _standing(session, expert)
    with speaking(expert.language):
        subject = (
            _("You were nominated, and have applied already")
            if standing == EXAMINED
            else _("You were nominated, and are on the roster already")
        )
    _mail(session, expert.email, expert.language, "nominated_known", subject=subject, now=now,
          name=expert.name, by=by, standing=standing)  # fmt: skip


def _standing(session: Session, expert: Expert) -> str:
    if registrar.may_apply_again(session, expert, expert.email):
        return AGAIN
    return EXAMINED if expert.status == terms.APPLICANT else THERE


def _mail(
    session: Session, to: str, language: str, letter: str, *, now: datetime, **said: Any
) -> None:
    if may_mail(session, to, letter, now):
        _queue(session, to, language, letter, now=now, **said)


def _queue(
    session: Session,
    to: str,
    language: str,
    letter: str,
    *,
    subject: str,
    now: datetime,
    **said: Any,
) -> None:
    with speaking(language):
        body = render_template(f"joining/mails/{letter}.txt", days=VALID_DAYS, **said)
    queue_mail(session, to=to, subject=subject, body=body, now=now)
