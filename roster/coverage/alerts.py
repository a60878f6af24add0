"""Tells HR of a gap in the roster before it opens: a turn of the worker, one mail for all news.

Each gap is told once while it lasts, by a row that is closed when somebody fills it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from flask import render_template
from flask_babel import format_date, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.accounts.holders import reachable_holders
from core.db import db, writing
from core.i18n import speaking
from core.inserting import for_kind, unless_there
from core.mail import queue_mail
from core.web import link_to
from roster.coverage.ahead import Lapse, lapses
from roster.coverage.naming import part_name
from roster.models import CoverageAlert, Expert
from roster.registrar.casefacts import VETTER

PAGE = "coverage.show_board"
_: Callable[..., str] = gettext
STILL_OPEN = CoverageAlert.closed_at.is_(None)
OPEN = unless_there(
    CoverageAlert, CoverageAlert.id, index_elements=["about"], index_where=STILL_OPEN
)


def watch(now: datetime) -> int:
    """Looks 90 days ahead, opens and closes alerts, mails every vetter what is new; how many are.

    A roster that nobody is on yet has no gaps to tell of. Writes only when there is news.
    """
    reading = db.session()
    if reading.scalar(select(Expert.id).limit(1)) is None or not _news(reading, now):
        return 0
    with writing() as session:
        opened = [alert for alert in _store(session, _news(session, now), now) if alert]
        if opened:
            _tell(session, sorted(opened, key=lambda alert: (alert.gap_on, alert.id)), now)
        return len(opened)


def open_alerts(session: Session) -> Sequence[CoverageAlert]:
    """The gaps that are open or coming, the nearest first."""
    query = select(CoverageAlert).where(STILL_OPEN)
    return session.scalars(query.order_by(CoverageAlert.gap_on, CoverageAlert.id)).all()


def gap_words(alert: CoverageAlert, today: date) -> str:
    """One gap as a sentence, in the language that texts come out in just now."""
    part = part_name(alert.about)
    if alert.gap_on <= today:
        return _("%(part)s: nobody is there now.", part=part)
    day = format_date(alert.gap_on, "long")
    return _(
        "%(part)s: nobody from %(day)s on. There now: %(count)s.",
        part=part, day=day, count=alert.left,
    )  # fmt: skip


def _news(session: Session, now: datetime) -> dict[str, Lapse | None]:
    """What differs from the open alerts: a new gap, another day or number, or None: it is filled.

    A gap that is there already stays one of the day on which it opened.
    """
    known = {alert.about: alert for alert in open_alerts(session)}
    news: dict[str, Lapse | None] = {}
    for part, lapse in lapses(session, now).items():
        alert = known.get(part)
        if lapse is None and alert:
            news[part] = None
        elif lapse and (alert is None or _differs(alert, lapse)):
            news[part] = lapse
    return news


def _differs(alert: CoverageAlert, lapse: Lapse) -> bool:
    still_open = lapse.left == 0 and alert.left == 0 and alert.gap_on <= lapse.gap_on
    return not still_open and (alert.gap_on, alert.left) != (lapse.gap_on, lapse.left)


def _store(
    session: Session, news: dict[str, Lapse | None], now: datetime
) -> Iterable[CoverageAlert | None]:
    """Writes `news`; gives the alerts that are new."""
    known = {alert.about: alert for alert in open_alerts(session)}
    for part, lapse in news.items():
        alert = known.get(part)
        if lapse is None and alert:
            alert.closed_at = now
            _note(session, "coverage.gap_filled", part, now)
        elif lapse and alert:
            alert.gap_on, alert.left = lapse.gap_on, lapse.left
        elif lapse:
            yield _open(session, part, lapse, now)


def _open(session: Session, part: str, lapse: Lapse, now: datetime) -> CoverageAlert | None:
    """The new alert; None when another worker has just opened it."""
    row = {
        "about": part, "gap_on": lapse.gap_on, "left": min(lapse.left, 32_767), "raised_at": now
    }  # fmt: skip
    opened = session.connection().execute(for_kind(session, OPEN), row).scalar_one_or_none()
    if opened is None:
        return None
    _note(session, "coverage.gap_seen", part, now, gap_on=lapse.gap_on.isoformat())
    return session.get_one(CoverageAlert, opened)


def _tell(session: Session, alerts: Sequence[CoverageAlert], now: datetime) -> None:
    """One mail for each vetter, in their language."""
    for vetter in session.scalars(reachable_holders(VETTER)):
        with speaking(vetter.language):
            queue_mail(
                session,
                to=vetter.email,
                subject=_("The roster will have gaps: %(count)s", count=len(alerts)),
                body=render_template(
                    "coverage/mails/gaps.txt",
                    sentences=[gap_words(alert, now.date()) for alert in alerts],
                    link=link_to(PAGE),
                ),
                now=now,
            )


def _note(session: Session, action: str, part: str, now: datetime, **more: str) -> None:
    audit.record(
        session, actor="system", action=action, subject=f"coverage:{part}", now=now, **more
    )
