"""The worker process: takes its turns, woken by commits, with ticks as the safety net.

Any number of them may run. Each kind of work has a thread of its own, so that a provider that hangs
holds up no deadline. What is done in a turn is no business of this module.
"""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from core.clock import now as clock_now
from core.db import db
from core.wake import listen
from dispatch import outbox
from dispatch.worker.turns import DATABASE_LOST, Turn, leave

log = logging.getLogger(__name__)
LISTEN_S, RETRY_S, LOOK_UP_S, LAST_S = 0.5, 1.0, 1.0, 30.0
# What a bad row may raise; anything else is a fault of the program, and ends the worker.
FAULTS = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Shift:
    """One run of a worker. `stopped` ends it; `failed` says that a part of it broke down."""

    app: Flask
    turns: list[Turn]
    stopped: Event
    failed: Event = field(default_factory=Event)


def name_of_worker() -> str:
    """How this process is called on the duty board."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}"


def run(app: Flask, turns: list[Turn], stopped: Event) -> bool:
    """Takes `turns` until `stopped` is set, then finishes what is in hand.

    False when it ended because a part of it broke down in a way that nobody foresaw.
    """
    shift = Shift(app, turns, stopped)
    threads = [Thread(target=_guard, args=(shift, partial(_take_turns, shift, turn)),
                      name=turn.name) for turn in shift.turns]  # fmt: skip
    threads.append(Thread(target=_guard, args=(shift, partial(_listen, shift)), name="listen"))
    ticks = _tick(shift.turns)
    for thread in threads:
        thread.start()
    while not stopped.wait(LOOK_UP_S):
        pass  # a signal that another thread took is heeded when this one looks up
    ticks.shutdown(wait=False)
    with app.app_context():
        outbox.finish(current_app)
    for turn in shift.turns:
        turn.due.set()
    for thread in threads:
        thread.join(LAST_S)
    _say_goodbye(app)
    return not shift.failed.is_set()


def _tick(turns: list[Turn]) -> BackgroundScheduler:
    """Ticks only: they set marks that the threads look at, and so never pile up."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    ticks = BackgroundScheduler(timezone=UTC)
    for turn in turns:
        turn.due.set()  # at the start everything has its turn
        ticks.add_job(
            turn.due.set, "interval", seconds=turn.every_s,
            max_instances=1, coalesce=True, misfire_grace_time=None,
        )  # fmt: skip
    ticks.start()
    return ticks


def _take_turns(shift: Shift, turn: Turn) -> None:
    lost = False
    while True:
        turn.due.wait()
        if shift.stopped.wait(turn.after_s):
            return
        turn.due.clear()
        now_lost = not _take_turn(shift.app, turn)
        if now_lost != lost:
            lost = now_lost
            log.warning("database lost" if lost else "database is back", extra={"turn": turn.name})
        if lost and not shift.stopped.wait(RETRY_S):
            turn.due.set()


def _take_turn(app: Flask, turn: Turn) -> bool:
    """Does the work once; False when the database was not there. A bad row only ends this turn."""
    try:
        with app.app_context():
            turn.work(clock_now())
    except DATABASE_LOST:
        return False
    except FAULTS as fault:
        log.error("a turn failed", extra={"turn": turn.name}, exc_info=fault)
    return True


def _listen(shift: Shift) -> None:
    with shift.app.app_context():
        waker = listen(db.engine, shift.stopped)
    try:
        while not shift.stopped.is_set():
            if waker.wait(LISTEN_S):
                for turn in shift.turns:
                    if turn.woken:
                        turn.due.set()
    finally:
        waker.close()


def _guard(shift: Shift, work: Callable[[], None]) -> None:
    """Ends the whole worker when one of its threads breaks down: half a worker looks alive."""
    finished = False
    try:
        work()
        finished = True
    finally:
        if not finished:
            shift.failed.set()
            shift.stopped.set()


def _say_goodbye(app: Flask) -> None:
    with app.app_context():
        outbox.close(current_app)
        try:
            leave(name_of_worker())
        except DATABASE_LOST:
            log.warning("database lost", extra={"turn": "leave"})
