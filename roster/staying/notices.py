"""One notice to one person: the mail with everything that is due, and a text left to dispatch.

Its link and its code answer whether they stay; validity and certificates go on being told.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask import render_template
from flask_babel import format_date, gettext
from sqlalchemy.orm import Session

from core.i18n import speaking
from core.mail import queue_mail
from core.short_links import read_number, sign_number
from core.wake import wake
from core.web import link_to
from roster.models import Expert, Notice, Reminder
from roster.rules.cadences import ANSWERABLE_DAYS
from roster.rules.staying import RECONFIRMATION, Matter

PURPOSE = "stay"
_: Callable[..., str] = gettext


def leave_notice(
    session: Session, expert: Expert, matters: Sequence[Matter], day: date, now: datetime,
    *, by_text: bool,
) -> Notice:  # fmt: skip
    """Leaves a mail about `matters`, and with `by_text` a text too; notes what was said.

    `day` is the expert's own; a second notice on it is refused by the database.
    """
    notice = Notice(expert_id=expert.id, day=day, wanted_at=now, by_text=by_text)
    session.add(notice)
    session.flush()
    for matter in matters:
        note_said(session, expert, matter.about, matter.occasion, times=matter.times, now=now)
    with speaking(expert.language):
        subject, body = _compose(expert, matters, notice, now)
    queue_mail(session, to=expert.email, subject=subject, body=body, now=now)
    if by_text:
        wake(session)
    return notice


def note_said(
    session: Session, expert: Expert, about: str, occasion: date, *, times: int, now: datetime
) -> None:
    """Notes that `expert` was reminded of `about` for the `times`th time."""
    row = session.get(Reminder, (expert.id, about, occasion))
    if row is None:
        row = Reminder(expert_id=expert.id, about=about, occasion=occasion)
        session.add(row)
    row.times, row.sent_at = times, now


def link_of(notice: Notice) -> str:
    """The address at which `notice`, which must have been flushed, is answered."""
    return link_to("staying.show_notice", token=sign_number(PURPOSE, notice.id))


def notice_behind(session: Session, token: str) -> Notice | None:
    """The notice that `token` was made for; None when it was not made by us."""
    number = read_number(PURPOSE, token)
    return None if number is None else session.get(Notice, number)


def is_answerable(notice: Notice, now: datetime) -> bool:
    """Whether its link and its code still count."""
    return now < notice.wanted_at + timedelta(days=ANSWERABLE_DAYS)


def _compose(
    expert: Expert, matters: Sequence[Matter], notice: Notice, now: datetime
) -> tuple[str, str]:
    lines = [_sentence(matter, now) for matter in matters]
    asked = any(matter.kind == RECONFIRMATION for matter in matters)
    subject = _("Are you still with us?") if asked else _("Your place on the roster")
    body = render_template(
        "staying/mails/notice.txt", expert=expert, lines=lines, link=link_of(notice), asked=asked
    )
    return subject, body


def _sentence(matter: Matter, now: datetime) -> str:
    day = format_date(matter.occasion, "d MMMM y")
    if matter.kind == RECONFIRMATION:
        return _("Once a year we ask whether we may still call on you in a crisis.")
    over = matter.occasion < now.date()
    if matter.name and over:
        return _(
            "Your certificate “%(name)s” ended on %(day)s. A skill that rests on it no longer "
            "counts.",
            name=matter.name,
            day=day,
        )
    if matter.name:
        return _(
            "Your certificate “%(name)s” ends on %(day)s. Please send us the new one before that, "
            "or a skill that rests on it stops counting.",
            name=matter.name,
            day=day,
        )
    if over:
        return _("Your time on the roster ended on %(day)s: we no longer ask you.", day=day)
    return _(
        "Your time on the roster ends on %(day)s. We are preparing its renewal, and will be in "
        "touch about what we need from you.",
        day=day,
    )
