"""What of the roster waits for a vetter: what is late, and what has come near since a day.

Reads only. The names of the people are in the pages that the digest links to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import format_date, gettext
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.accounts.models import User
from core.web import link_to
from roster.models import Certificate, Expert, Reminder, VettingCase
from roster.rules import cadences, stages
from roster.rules.staying import RECONFIRMATION
from roster.rules.terms import EXPIRED, VETTED

_: Callable[..., str] = gettext
MOST = 10  # named in a mail; the rest is counted


@dataclass(frozen=True)
class Section:
    """One matter: a heading, how many it is about, and the first of them with their pages."""

    title: str
    count: int
    lines: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.lines)


def sections(session: Session, user: User, since: date, now: datetime) -> list[Section]:
    """All that `user` should know at `now`: news since the end of `since` (UTC), and what is late.

    In the language that is spoken at the moment.
    """
    today = now.astimezone(UTC).date()
    own = VettingCase.owner_id == user.id
    nobodys = VettingCase.owner_id.is_(None)
    late = VettingCase.due_on < today
    newly = VettingCase.due_on.between(since, today - timedelta(days=1))
    opened = VettingCase.opened_at >= datetime.combine(since, time(), UTC)
    asked = VettingCase.kind.in_((stages.APPLICATION, stages.APPEAL))
    found = (
        _cases(session, _("Your cases that are late"), own, late),
        _cases(session, _("Cases that are late and nobody's"), nobodys, newly),
        _cases(session, _("New applications and appeals that nobody has taken"), nobodys, asked,
               opened, ~late),
        _cases(session, _("Reviews opened"), VettingCase.kind == stages.REVIEW, opened),
        _ending(session, since, today),
        _certificates(session, since, today),
        _unconfirmed(session, since, today),
    )  # fmt: skip
    return [section for section in found if section.count]


def _cases(session: Session, title: str, *wanted: ColumnElement[bool]) -> Section:
    still = VettingCase.state == stages.OPEN
    count = session.scalar(select(func.count(VettingCase.id)).where(still, *wanted)) or 0
    query = select(VettingCase).where(still, *wanted).order_by(VettingCase.due_on).limit(MOST)
    lines = [_case_line(case) for case in session.scalars(query).unique()] if count else []
    return Section(title, count, tuple(lines))


def _ending(session: Session, since: date, today: date) -> Section:
    """Whose validity has come within 90, 30 or 7 days of its end, or has ended."""
    crossed = _crossed(Expert.valid_until, cadences.VALIDITY_DAYS, since, today)
    # On the day after the end they are expired already.
    over = and_(Expert.status == EXPIRED, Expert.valid_until < today)
    standing = or_(Expert.status.in_(VETTED), over)
    return _experts(session, _("Time on the roster that ends"), [standing, crossed])


def _certificates(session: Session, since: date, today: date) -> Section:
    crossed = _crossed(Certificate.expires_on, cadences.CERTIFICATE_DAYS, since, today)
    holders = select(Certificate.expert_id).where(crossed)
    wanted = [Expert.status.in_(VETTED), Expert.id.in_(holders)]
    return _experts(session, _("Certificates that end"), wanted)


def _unconfirmed(session: Session, since: date, today: date) -> Section:
    """Who was asked whether they stay, and has not answered for 30 days.

    They count from when they were asked, which may be late, if they were away; whoever cannot be
    asked for the last time is named 30 days after the one before.
    """
    asks, tell = cadences.RECONFIRM_DAYS, cadences.RECONFIRM_TELL_DAYS
    was_last = Reminder.times >= len(asks)
    silent = select(Reminder.expert_id).where(
        Reminder.about == RECONFIRMATION, Reminder.answered_at.is_(None),
        or_(
            and_(was_last, _said(tell - asks[-1], since, today)),
            and_(~was_last, _said(tell, since, today)),
        ),
    )  # fmt: skip
    wanted = [Expert.status.in_(VETTED), Expert.id.in_(silent)]
    return _experts(session, _("Asked whether they stay, and silent"), wanted)


def _said(days: int, since: date, today: date) -> ColumnElement[bool]:
    """Whether a reminder left so many days before one of the days after `since`, up to `today`."""
    first, end = (
        datetime.combine(day + timedelta(days=1 - days), time(), UTC) for day in (since, today)
    )
    return and_(Reminder.sent_at >= first, Reminder.sent_at < end)


def _experts(session: Session, title: str, wanted: Sequence[ColumnElement[bool]]) -> Section:
    count = session.scalar(select(func.count(Expert.id)).where(*wanted)) or 0
    query = select(Expert.name, Expert.public_id, Expert.valid_until).where(*wanted)
    rows = session.execute(query.order_by(Expert.valid_until, Expert.id).limit(MOST))
    lines = [
        f"{name} · {link_to('roster.show_expert', public_id=public_id)}"
        for name, public_id, _until in (rows if count else ())
    ]
    return Section(title, count, tuple(lines))


def _crossed(
    column: InstrumentedAttribute[date | None], days: Sequence[int], since: date, today: date
) -> ColumnElement[bool]:
    """Whether an end has come within one of `days` after `since`, up to `today`."""
    spans = ((since + timedelta(days=left + 1), today + timedelta(days=left)) for left in days)
    return or_(*(column.between(first, last) for first, last in spans))


def _case_line(case: VettingCase) -> str:
    due = format_date(case.due_on, "d MMMM y")
    return _(
        "%(name)s, due on %(day)s · %(link)s", name=case.expert.name, day=due,
        link=link_to("vetting.show_case", public_id=case.public_id),
    )  # fmt: skip
