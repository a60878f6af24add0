"""Forgets a person for good: what is left is a nameless row, so that history stays countable.

Rows above the roster (offers, messages) are emptied by hooks, in the same transaction; files go
after the commit (`roster.registrar.files`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast

import phonenumbers
from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.accounts.erasing import erase_account, nowhere_address
from core.accounts.models import User
from core.erasing import Traces, empty_audit, empty_mails
from core.wake import wake
from roster.models import Expert, PhoneProof, RosterChange
from roster.registrar.belongings import NOBODY, empty_belongings, referees_of, subjects_of
from roster.registrar.cases import hold, open_case_of
from roster.registrar.standing import hold_standing
from roster.rules.terms import GLOBAL, REMOVED

ROLE = "expert"
NOWHERE = "ZZ"  # "unknown" in ISO 3166-1, user-assigned
HOOKS = "erased_hooks"


class ErasureRefusedError(ValueError):
    """Somebody who cannot be forgotten just now; its text says what to do first."""


# Called first of all, in the transaction: (session, expert, traces, actor, now). The person is
# still named there. May raise ErasureRefusedError: then nothing of it is done.
Erased = Callable[[Session, Expert, Traces, str, datetime], None]


def on_erased(app: Flask, hook: Erased) -> None:
    """Calls `hook` whenever somebody is about to be forgotten in `app`."""
    _hooks(app).append(hook)


def erase(session: Session, expert: Expert, *, actor: str, now: datetime) -> None:
    """Forgets `expert` within the transaction of `session`; a second time does nothing.

    Raises ErasureRefusedError, with what to do first, while they are on a mission.
    """
    if expert.erased_at is not None:
        return
    known = traces_of(session, expert)
    for hook in _hooks(current_app):
        hook(session, expert, known, actor, now)
    _hold(session, expert)
    if expert.erased_at is not None:
        return  # somebody else has done it at this moment
    subjects = subjects_of(session, expert)
    empty_mails(session, known, also_to=referees_of(session, expert))
    empty_belongings(session, expert, known, now)
    if expert.user_id is not None:
        subjects += _erase_account(session, expert, actor, now)
    _empty_row(expert, now)
    session.flush()
    session.expire(expert)
    empty_audit(session, known, subjects)
    audit.record(session, actor=actor, action="expert.erased", subject=subjects[0], now=now)
    session.add(RosterChange(expert_id=expert.id, at=now))
    wake(session)


def _hold(session: Session, expert: Expert) -> None:
    case = open_case_of(session, expert)
    if case is not None:
        hold(session, case)
    hold_standing(session, expert)


def traces_of(session: Session, expert: Expert) -> Traces:
    """By what `expert` is known in texts and in JSON, also under the account, and by phones that
    were to be proved."""
    proofs = select(PhoneProof.phone).where(PhoneProof.expert_id == expert.id)
    phones = {expert.phone, *session.scalars(proofs)}
    words = {expert.name, expert.email}
    user = session.get(User, expert.user_id) if expert.user_id is not None else None
    if user is not None and not _works_here(user):
        words |= {user.name, user.email}
        phones |= {user.phone or ""}
    words |= phones | {spelling for phone in phones for spelling in _spellings(phone)}
    ids = (expert.public_id, f"expert:{expert.public_id}")
    return Traces(tuple(sorted(words - {""})), ids)


def _hooks(app: Flask) -> list[Erased]:
    return cast("list[Erased]", app.extensions.setdefault(HOOKS, []))


def _spellings(phone: str) -> set[str]:
    """As people and messages write it."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return set()
    formats = (
        phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.NATIONAL,
    )  # fmt: skip
    return {phonenumbers.format_number(number, spelling) for spelling in formats}


def _erase_account(session: Session, expert: Expert, actor: str, now: datetime) -> list[str]:
    """Ends the account, whose audit is to be emptied; somebody with other work keeps theirs."""
    user = session.get_one(User, expert.user_id)
    if _works_here(user):
        user.roles = [role for role in user.roles if role.name != ROLE]
        return []
    erase_account(session, user, actor=actor, now=now)
    return [f"account:{user.public_id}"]


def _works_here(user: User) -> bool:
    """Whether the account is more than an expert's."""
    return bool({role.name for role in user.roles} - {ROLE})


def _empty_row(expert: Expert, now: datetime) -> None:
    expert.name, expert.email = NOBODY, nowhere_address(expert.public_id)
    expert.phone = f"erased:{expert.id}"
    expert.language, expert.country, expert.base, expert.time_zone = "en", NOWHERE, "", "UTC"
    expert.lat = expert.lon = 0.0
    expert.present_place = ""
    expert.present_lat = expert.present_lon = expert.present_until = None
    expert.quiet_from = expert.quiet_until = None
    expert.user_id = None
    expert.status, expert.status_before, expert.scope = REMOVED, "", GLOBAL
    expert.evidence = expert.suspended_reason = expert.iproc_reference = ""
    expert.panel_since = expert.listed_at = None
    # Two locks more: whatever still wants to write to them finds no way.
    expert.opted_out_at = expert.sms_failed_at = expert.erased_at = expert.updated_at = now


def find_erasable(session: Session, public_id: str) -> Expert | None:
    """The expert with this public id who is not forgotten yet."""
    query = select(Expert).where(Expert.public_id == public_id, Expert.erased_at.is_(None))
    return session.scalar(query)


def refuse_on_mission() -> ErasureRefusedError:
    """What is told of somebody who is on a mission."""
    return ErasureRefusedError(
        _("This expert is on a mission. Close the case or end the mission first, then erase.")
    )
