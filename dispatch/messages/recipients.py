"""Who is told and over what: the channels that work for an expert, duty officers, an office.

Reads only; writes and sends nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from core.accounts.holders import holders
from core.accounts.models import User
from core.links import sign
from core.postbox import leads_out
from core.settings import Settings
from core.web import public_url
from dispatch.choosing.occupied import FILLING, SEATED
from dispatch.models import CrisisRequest, Mission
from dispatch.rules import terms
from roster.models import Expert

STATUS_LINK = "crisis"
ON_DUTY = (User.phone, User.email, User.language)
OFFICERS = holders("duty_officer").where(User.on_duty).with_only_columns(*ON_DUTY)
FOCAL_POINTS = (
    holders("focal_point")
    .where(User.on_duty, User.office_code == bindparam("office"))
    .with_only_columns(*ON_DUTY)
)
COMING = (
    select(Expert.name, Expert.phone)
    .join(Mission, Mission.expert_id == Expert.id)
    .where(Mission.request_id == bindparam("request"), FILLING, Mission.status.in_(SEATED))
    .order_by(Mission.id)
)


@dataclass(frozen=True)
class Reader:
    """Somebody who is told by text, by mail, or both; empty is none."""

    phone: str
    email: str
    language: str


def channels_of(expert: Expert, sender: str) -> tuple[str, ...]:
    """The channels that work for `expert`, none after they opted out.

    Calls need a number to call from: a messaging service (`MG…`) as `sender` has none. Mails need
    somewhere to go: one that is only kept would hold up the next expert for nothing.
    """
    if expert.opted_out_at is not None:
        return ()
    works = {
        terms.SMS: bool(expert.phone) and expert.sms_failed_at is None,
        terms.VOICE: bool(expert.phone) and sender.startswith("+"),
        terms.EMAIL: bool(expert.email) and leads_out(settings()),
    }
    return tuple(channel for channel in terms.CHANNELS if works[channel])


def duty_officers(session: Session) -> list[Reader]:
    """The duty officers who are on duty."""
    return _readers(session, OFFICERS)


def office_readers(session: Session, request: CrisisRequest) -> list[Reader]:
    """The request's contact, the office's own address and its focal points, each once."""
    office = request.office
    filed = Reader(request.contact_phone, request.contact_email, request.language)
    own = Reader(office.contact_phone, office.contact_email, office.un_language)
    return _each_once([filed, own, *_readers(session, FOCAL_POINTS, office=office.code)])


def who_comes(session: Session, request: CrisisRequest) -> list[tuple[str, str]]:
    """Name and phone of each expert who has accepted and not withdrawn, in that order."""
    session.flush()
    rows = session.connection().execute(COMING, {"request": request.id})
    return [(name, phone) for name, phone in rows]


def status_link(request: CrisisRequest, now: datetime) -> str:
    """The address of the live status page, for somebody who need not sign in."""
    return public_url(f"/crisis/{request.ref}?key={sign(STATUS_LINK, request.ref, now)}")


def _readers(session: Session, people: Select[str | None, str, str], **of: str) -> list[Reader]:
    session.flush()
    rows = session.connection().execute(people, of)
    return [Reader(phone or "", email, language) for phone, email, language in rows]


def _each_once(readers: Iterable[Reader]) -> list[Reader]:
    told: set[str] = {""}
    once = []
    for reader in readers:
        phone = "" if reader.phone in told else reader.phone
        email = "" if reader.email in told else reader.email
        told |= {phone, email}
        if phone or email:
            once.append(Reader(phone, email, reader.language))
    return once


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found
