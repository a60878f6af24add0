"""The second step of signing in: who must take it, and how a code is taken.

A code is good once: its time step is compared and set in the database, so that no two processes
take it both. Failures are counted per account, wherever they come from: whoever tries codes knows
the password already. What is slow is done before a transaction begins.
"""

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import audit, clock
from core.accounts import codes, recovery, throttle
from core.accounts.models import SecondFactor, User
from core.accounts.notices import tell_locked
from core.db import db, writing
from core.settings import Settings

MUST = ("vetter", "duty_officer", "admin")
MOST_FAILURES, FAILURE_WINDOW_S = 5, 15 * 60


class SecondStepError(ValueError):
    """A code that is not taken; its text says why, to a person."""


def must(user: User) -> bool:
    """Whether `user` may not be without a second step. In a demonstration nobody must."""
    settings: Settings = current_app.extensions["settings"]
    return not settings.demo and user.is_a(*MUST)


def of(session: Session, user: User) -> SecondFactor | None:
    """The second factor of `user`, None when it was never set up or was reset."""
    return session.get(SecondFactor, user.id)


def take(user: User, typed: str) -> None:
    """Uses up a code of the app, or a recovery code. Raises SecondStepError.

    Opens its own transaction: a failure is counted even though nothing else happens.
    """
    factor = of(db.session(), user)
    if factor is None:
        raise SecondStepError(_("There is no app set up for your account."))
    if codes.is_code(typed):
        step = codes.step_of(factor.secret, typed, clock.now())
        use = _code_of_step(user.id, step)
    else:
        use = _recovery_code(user.id, recovery.digest_of(typed, factor.salt))
    with writing() as session:
        fault = _try(session, user, use, clock.now(session))
    if fault:
        raise SecondStepError(fault)


# Uses a code up; says what is noted in the audit, empty when it is not taken.
Use = Callable[[Session], str]


def _code_of_step(user_id: int, step: int | None) -> Use:
    def use(session: Session) -> str:
        if step is None:
            return ""
        later = (SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        taken = update(SecondFactor).where(*later).values(last_step=step)
        found = session.execute(taken.returning(SecondFactor.user_id)).first()
        return "account.code_taken" if found else ""

    return use


def _recovery_code(user_id: int, digest: str) -> Use:
    def use(session: Session) -> str:
        used = recovery.use(session, user_id, digest)
        return "account.recovery_code_used" if used else ""

    return use


def _try(session: Session, user: User, use: Use, now: datetime) -> str:
    """Why the code is not taken; empty when it is. Each try is counted before it is looked at."""
    key = throttle.key_of("second-step", user.public_id)
    paused = str(_("Too many wrong codes. Wait 15 minutes, then try again."))
    if throttle.tries(session, key, now, FAILURE_WINDOW_S) >= MOST_FAILURES:
        return paused
    number = throttle.count_try(session, key, now, FAILURE_WINDOW_S)
    if number > MOST_FAILURES:  # others were faster, each on a connection of its own
        return paused
    if action := use(session):
        throttle.forget_tries(session, key)
        _note(session, user, action, now)
        return ""
    if number == MOST_FAILURES:
        tell_locked(session, user, now)
        _note(session, user, "account.code_locked", now)
    return str(_("This code is not right, or was used before. Wait for the next one."))


def _note(session: Session, user: User, action: str, now: datetime) -> None:
    subject = f"account:{user.public_id}"
    audit.record(session, actor=user.public_id, action=action, subject=subject, now=now)
