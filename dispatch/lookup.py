"""Finding a request or an offer for somebody who may see it; everybody else hears "not found"."""

import re
from typing import Any, NoReturn

from flask import abort
from flask_login import current_user
from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from core.db import db
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.shown import ShownCase, read_case
from roster.models import Expert

ALL_SEEING = ("duty_officer", "auditor")
# What cannot be a public id is never asked for: databases differ in which characters they bear.
PUBLIC_ID = re.compile(r"[a-z2-7]{26}")


def sees_everyone(user: Any) -> bool:
    """Whether `user` may know who was asked: duty officers and auditors."""
    return bool(user.is_authenticated) and user.is_a(*ALL_SEEING)


def only_office(user: Any) -> str | None:
    """The one office whose requests `user` may see: empty for none, None when they may see all."""
    if sees_everyone(user):
        return None
    return user.office_code or "" if user.is_authenticated and user.is_a("focal_point") else ""


def visible_requests(user: Any) -> ColumnElement[bool]:
    """The condition on CrisisRequest for what `user` may see."""
    only = only_office(user)
    if only is None:
        return true()
    return CrisisRequest.office_code == only if only else false()


def find_request(ref: str) -> CrisisRequest:
    """The request `ref` alone, for a change or a search; 404 when the caller may not see it."""
    visible = visible_requests(current_user)
    return _request(ref, visible) or not_found()


def find_case(ref: str) -> CrisisRequest:
    """The request `ref` with all that is shown of it; 404 when the caller may not see it."""
    return _request(ref, visible_requests(current_user), *shown_with()) or not_found()


def find_shown(ref: str) -> ShownCase:
    """The same as plain values, for programs."""
    found = read_case(db.session(), ref) if PUBLIC_ID.fullmatch(ref) else None
    if found is None or only_office(current_user) not in (None, found.office_code):
        not_found()
    return found


def find_any_case(ref: str) -> CrisisRequest:
    """The request `ref` with all that is shown of it, for whoever holds its signed link."""
    return _request(ref, true(), *shown_with()) or not_found()


def find_offer(public_id: str) -> Offer:
    """The offer `public_id`; 404 when the caller may not see its request."""
    if not PUBLIC_ID.fullmatch(public_id):
        not_found()
    query = select(Offer).join(CrisisRequest).where(Offer.public_id == public_id)
    found = db.session.scalars(query.where(visible_requests(current_user))).unique().one_or_none()
    return found or not_found()


def find_expert(public_id: str) -> Expert | None:
    """The expert `public_id`, whatever their status."""
    if not PUBLIC_ID.fullmatch(public_id):
        return None
    return db.session.scalar(select(Expert).where(Expert.public_id == public_id))


def shown_with() -> tuple[ORMOption, ...]:
    """Loader options: all rows that a page shows of a request, in few queries."""
    return (
        selectinload(CrisisRequest.offers).selectinload(Offer.attempts),
        selectinload(CrisisRequest.offers).joinedload(Offer.expert).lazyload("*"),
        selectinload(CrisisRequest.missions).joinedload(Mission.expert).lazyload("*"),
        selectinload(CrisisRequest.steps),
    )


def not_found() -> NoReturn:
    """404: it is not there, or not for this reader; both sound the same."""
    abort(404)


def _request(ref: str, visible: ColumnElement[bool], *options: ORMOption) -> CrisisRequest | None:
    if not PUBLIC_ID.fullmatch(ref):
        return None
    query = select(CrisisRequest).where(CrisisRequest.ref == ref, visible).options(*options)
    return db.session.scalars(query).unique().one_or_none()
