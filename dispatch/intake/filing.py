"""Takes calls for help in, each once however often it is sent.

Who is trusted is searched for at once; for anybody else a duty officer calls back first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.accounts.callers import Asking
from core.db import public_id
from dispatch import incidents
from dispatch.advance import advance
from dispatch.messages import tell_office
from dispatch.models import CrisisRequest
from dispatch.reports import amending
from dispatch.reports.report import CrisisReport
from dispatch.rules import terms
from dispatch.wording import offices

CONTACT = ("contact_name", "contact_phone", "contact_email")  # who files, when nobody is named
DUPLICATE_WITHIN = timedelta(hours=1)


class IdempotencyConflictError(Exception):
    """The same key was used for another report; `request` is what it filed."""

    def __init__(self, request: CrisisRequest) -> None:
        super().__init__(_("This key was already used for a report with other content."))
        self.request = request


@dataclass(frozen=True)
class Filed:
    """A request, and whether it was created just now or had been filed under the same key."""

    request: CrisisRequest
    created: bool


def file_request(
    session: Session,
    report: CrisisReport,
    *,
    filer: Asking | None,
    through: str,
    now: datetime,
    idempotency: tuple[str, str] | None = None,
) -> Filed:
    """Files `report`: searched at once for whoever may ask for that office, else to be confirmed.

    `through` is form, api, sms or desk. `idempotency` (scope, key) gives the same request for the
    same report, whoever is first; IdempotencyConflictError when the report is another.
    """
    earlier = _filed_before(session, report, idempotency)
    if earlier:
        return Filed(earlier, created=False)
    trusted = filer is not None and may_ask(filer, report.office)
    request = _row(report, filer, through, now, idempotency)
    request.status = terms.SEARCHING if trusted else terms.AWAITING
    request.search = 1 if trusted else 0
    request.search_started_at = now if trusted else None
    try:
        with session.begin_nested():
            session.add(request)
            session.flush()
            request.number = f"{now:%y}-{request.id:06d}"
    except IntegrityError:
        # Somebody else has filed it under this key, a moment ago and in another transaction.
        earlier = _filed_before(session, report, idempotency)
        if earlier is None:
            raise
        return Filed(earlier, created=False)
    _begin(session, request, filer, now)
    return Filed(request, created=True)


def may_ask(user: Asking, office: str) -> bool:
    """Whether a request of `user` for `office` needs no confirmation."""
    own = user.is_a("focal_point") and user.office_code == office
    return own or user.is_a("duty_officer")


def possible_duplicates(session: Session, request: CrisisRequest) -> list[CrisisRequest]:
    """Other requests that the same office filed within an hour of this one, none cancelled."""
    query = select(CrisisRequest).where(
        CrisisRequest.office_code == request.office_code,
        CrisisRequest.id != request.id,
        CrisisRequest.status != terms.CANCELLED,
        CrisisRequest.exercise == request.exercise,
        CrisisRequest.filed_at.between(
            request.filed_at - DUPLICATE_WITHIN, request.filed_at + DUPLICATE_WITHIN
        ),
    )
    return list(session.scalars(query.order_by(CrisisRequest.id)).unique())


def _filed_before(
    session: Session, report: CrisisReport, idempotency: tuple[str, str] | None
) -> CrisisRequest | None:
    if idempotency is None:
        return None
    scope, key = idempotency
    query = select(CrisisRequest).where(
        CrisisRequest.idempotency_scope == scope, CrisisRequest.idempotency_key == key
    )
    earlier = session.scalars(query).unique().one_or_none()
    if earlier and earlier.content_digest != report.digest():
        raise IdempotencyConflictError(earlier)
    return earlier


def _row(
    report: CrisisReport,
    filer: Asking | None,
    through: str,
    now: datetime,
    idempotency: tuple[str, str] | None,
) -> CrisisRequest:
    scope, key = idempotency or (None, None)
    columns = amending.columns_of(report)
    if filer and not any(columns[name] for name in CONTACT):
        columns |= dict(zip(CONTACT, (filer.name, filer.phone or "", filer.email), strict=True))
    return CrisisRequest(
        **columns,
        number=public_id()[:12],  # until the row has its own
        filed_at=now,
        filed_by=filer.id if filer else None,
        filed_through=through,
        idempotency_scope=scope,
        idempotency_key=key,
        content_digest=report.digest(),
    )


def _begin(session: Session, request: CrisisRequest, filer: Asking | None, now: datetime) -> None:
    audit.record(
        session, actor=filer.public_id if filer else "anonymous", action="request.filed",
        subject=f"request:{request.ref}", now=now, number=request.number,
        office=request.office_code, kind=request.kind, severity=request.severity,
        status=request.status, through=request.filed_through,
    )  # fmt: skip
    if possible_duplicates(session, request):
        incidents.record(
            session, f"duplicate:{request.ref}", "duplicate", now, request_id=request.id,
            number=request.number,
        )  # fmt: skip
    if request.status == terms.SEARCHING:
        tell_office(session, request, offices.RECEIVED, now)
    advance(session, request, now)
