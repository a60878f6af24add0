"""Finding a request or an offer for somebody who may see it; everybody else hears "not found"."""

from typing import NoReturn

from flask import abort
from flask_login import current_user
from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import selectinload

from core.accounts.models import User
from core.db import db
from dispatch.models import CrisisRequest, Mission, Offer

ALL_SEEING = ("duty_officer", "auditor")


def sees_everyone(user: User) -> bool:
    """Whether `user` may know who was asked: duty officers and auditors."""
    return bool(user.is_authenticated) and user.is_a(*ALL_SEEING)


def visible_requests(user: User) -> ColumnElement[bool]:
    """The condition on CrisisRequest for what `user` may see."""
    if sees_everyone(user):
        return true()
    if user.is_authenticated and user.is_a("focal_point") and user.office_code:
        return CrisisRequest.office_code == user.office_code
    return false()


def find_request(ref: str, *, lock: bool = False) -> CrisisRequest:
    """The request `ref` with all that is shown of it, or 404 when the caller may not see it.

    With `lock` the row is locked first (PostgreSQL), for a change.
    """
    query = select(CrisisRequest).where(CrisisRequest.ref == ref, visible_requests(current_user))
    if lock:
        query = query.with_for_update(of=CrisisRequest)
    found = db.session.scalars(query.options(*shown_with())).unique().one_or_none()
    return found or not_found()


def find_offer(public_id: str) -> Offer:
    """The offer `public_id`, or 404 when the caller may not see its request."""
    query = select(Offer).join(CrisisRequest).where(Offer.public_id == public_id)
    found = db.session.scalars(query.where(visible_requests(current_user))).unique().one_or_none()
    return found or not_found()


def shown_with() -> tuple[object, ...]:
    """Loader options: all rows that a page or the API shows of a request, in few queries."""
    return (
        selectinload(CrisisRequest.offers).selectinload(Offer.attempts),
        selectinload(CrisisRequest.offers).joinedload(Offer.expert).lazyload("*"),
        selectinload(CrisisRequest.missions).joinedload(Mission.expert).lazyload("*"),
        selectinload(CrisisRequest.steps),
    )


def not_found() -> NoReturn:
    """404: it is not there, or not for this reader; both sound the same."""
    abort(404)
