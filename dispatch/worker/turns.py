"""What a worker does, and how often: each kind of work is one turn, and takes its own time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import delete, func, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core import mail
from core.db import writing
from dispatch import outbox
from dispatch.advance import advance_due
from dispatch.evaluating import ask_for_evaluations
from dispatch.models import Heartbeat
from dispatch.outbox.weather import look_at_the_weather
from dispatch.personal_data import forgetting
from dispatch.proving import prove_due
from dispatch.reminding import send_notices
from dispatch.webhooks.inbound import fetch_lost
from roster import staying
from roster.coverage.alerts import watch
from roster.papers.examining import examine_papers

ALIVE = timedelta(seconds=30)
FORGOTTEN = timedelta(days=1)
LATER_S = 0.5  # what nobody waits for by the tenth of a second
DATABASE_LOST = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Turn:
    """One kind of work: done every so many seconds, and at once on news when it is `woken`.

    `after_s` seconds pass between the news, or the tick, and the turn: each commit is news to all,
    and those that mostly look in vain would keep the very text from leaving that it is about.
    """

    name: str
    work: Callable[[datetime], object]
    every_s: float
    woken: bool = False
    after_s: float = 0.0
    due: Event = field(default_factory=Event)


def turns_of(worker: str, sender_rate: float) -> list[Turn]:
    """All that the worker called `worker` does.

    With a pace of `sender_rate` segments a second (0: none) the next text is looked for more often
    than the clock ticks.
    """
    return [
        Turn("heartbeat", lambda now: beat(worker, now), 10),
        Turn("decide", advance_due, 1, woken=True, after_s=0.1),
        Turn("send", outbox.send_due, 0.25 if sender_rate > 0 else 1, woken=True),
        Turn("mail", mail.send_due, 5, woken=True, after_s=LATER_S),
        Turn("reconcile", outbox.reconcile, 5),
        Turn("silent", outbox.ask_about_silent, 30),
        Turn("ringing", outbox.stop_ringing, 2),
        Turn("texts", lambda _now: fetch_lost(), 60),
        Turn("weather", look_at_the_weather, 15),
        Turn("forget", forgetting.forget_old, 6 * 3600),
        Turn("proofs", prove_due, 15, woken=True, after_s=LATER_S),
        Turn("papers", examine_papers, 15),
        Turn("coverage", watch, 300),
        Turn("expire", staying.expire, 60),
        Turn("remind", staying.remind, 60),
        Turn("notices", send_notices, 60, woken=True, after_s=LATER_S),
        Turn("evaluations", ask_for_evaluations, 300),
    ]


def beat(worker: str, now: datetime) -> None:
    """Notes that `worker` is alive at `now`, and forgets those that have long been gone."""
    with writing() as session:
        session.merge(Heartbeat(worker=worker, at=now))
        session.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGOTTEN))


def leave(worker: str) -> None:
    """Notes that `worker` has ended as it should."""
    with writing() as session:
        session.execute(delete(Heartbeat).where(Heartbeat.worker == worker))


def missing_worker(session: Session, now: datetime) -> str:
    """For /readyz: what is missing when no worker was seen of late; empty when one was."""
    seen = session.scalar(select(func.max(Heartbeat.at)))
    return "" if seen is not None and seen > now - ALIVE else "no worker"
