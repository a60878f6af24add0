"""What an applicant is told of a decision: by mail, in their language, with the way to appeal."""

from datetime import UTC, date, datetime

from flask import render_template
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import links
from core.accounts.invitations import VALID_DAYS
from core.i18n import speaking
from core.mail import queue_mail
from core.web import link_to
from roster.models import VettingCase
from roster.registrar.accounts import WayIn
from roster.rules import casework, stages

APPEAL = "appeal"  # the purpose of the signed link


def mail_verdict(session: Session, case: VettingCase, now: datetime, way_in: WayIn) -> None:
    """Mails the applicant what was decided, and what they can do next.

    A good decision comes with the `way_in` to their own page, a refusal with its reasons and how to
    appeal.
    """
    expert = case.expert
    good = case.state == stages.QUALIFIED
    with speaking(expert.language):
        subject = (
            _("You have been examined: the result is good")
            if good
            else _("Your case has been decided")
        )
        body = render_template(
            "vetting/mails/verdict.txt", expert=expert, case=case, good=good,
            valid_until=_day(expert.valid_until), link="" if good else appeal_link(case),
            last_day=_day(_last_day(case)), way_in=way_in, days=VALID_DAYS,
        )  # fmt: skip
    queue_mail(session, to=expert.email, subject=subject, body=body, now=now)


def appeal_link(case: VettingCase) -> str:
    """The signed address under which this refusal is appealed against; empty when it is final."""
    if case.kind == stages.APPEAL:
        return ""
    return link_to("appeals.show_appeal", token=links.sign(APPEAL, case.public_id))


def _last_day(case: VettingCase) -> date | None:
    return casework.last_appeal(case.decided_at).astimezone(UTC).date() if case.decided_at else None


def _day(day: date | None) -> str:
    return format_date(day, "d MMMM y") if day else ""
