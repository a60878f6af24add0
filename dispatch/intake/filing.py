"""Takes calls for help in, each once however often it is sent.

Who is trusted is searched for at once; for anybody else a duty officer calls back first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, lazyload

from core import audit
from core.accounts.callers import Asking, read_anew
from core.db import public_id
from core.inserting import for_kind, unless_there
from dispatch import incidents
from dispatch.advance import advance_new
from dispatch.case import hold
from dispatch.messages import tell_office
from dispatch.models import CrisisRequest
from dispatch.reports import amending
from dispatch.reports.report import CrisisReport
from dispatch.rules import terms
from dispatch.wording import offices

CONTACT = ("contact_name", "contact_phone", "contact_email")  # who files, when nobody is named
DUPLICATE_WITHIN = timedelta(hours=1)
# Each of these is built once. A key that was used before files nothing.
FILE = unless_there(
    CrisisRequest, CrisisRequest.id, index_elements=["idempotency_scope", "idempotency_key"]
)
NUMBER = (
    update(CrisisRequest).where(CrisisRequest.id == bindparam("of")).values(number=bindparam("as"))
)
ALIKE = (
    select(CrisisRequest)
    .where(
        CrisisRequest.office_code == bindparam("office"),
        CrisisRequest.id != bindparam("id"),
        CrisisRequest.status != terms.CANCELLED,
        CrisisRequest.exercise == bindparam("exercise"),
        CrisisRequest.filed_at.between(bindparam("since"), bindparam("until")),
    )
    .order_by(CrisisRequest.id)
)
ANY_ALIKE = ALIKE.options(lazyload("*")).with_only_columns(CrisisRequest.id).limit(1)


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
    session.flush()
    trusted = _is_trusted(session, filer, report.office)
    columns = _columns(report, filer, through, now, idempotency) | _search(now, trusted=trusted)
    number = session.connection().execute(for_kind(session, FILE), columns).scalar()
    if number is None:
        return Filed(_filed_before(session, report, idempotency), created=False)
    session.connection().execute(NUMBER, {"of": number, "as": f"{now:%y}-{number:06d}"})
    request = hold(session, number)
    _begin(session, request, filer, now)
    return Filed(request, created=True)


def may_ask(user: Asking, office: str) -> bool:
    """Whether a request of `user` for `office` needs no confirmation."""
    own = user.is_a("focal_point") and user.office_code == office
    return own or user.is_a("duty_officer")


def possible_duplicates(session: Session, request: CrisisRequest) -> list[CrisisRequest]:
    """Other requests that the same office filed within an hour of this one, none cancelled."""
    return list(session.scalars(ALIKE, _of(request)))


def _of(request: CrisisRequest) -> dict[str, object]:
    return {
        "id": request.id,
        "office": request.office_code,
        "exercise": request.exercise,
        "since": request.filed_at - DUPLICATE_WITHIN,
        "until": request.filed_at + DUPLICATE_WITHIN,
    }


def _filed_before(
    session: Session, report: CrisisReport, idempotency: tuple[str, str] | None
) -> CrisisRequest:
    """What somebody has filed under this key, perhaps a moment ago and in another transaction."""
    scope, key = idempotency or (None, None)
    query = select(CrisisRequest).where(
        CrisisRequest.idempotency_scope == scope, CrisisRequest.idempotency_key == key
    )
    earlier = session.scalars(query).one()
    if earlier.content_digest != report.digest():
        raise IdempotencyConflictError(earlier)
    return earlier


def _columns(
    report: CrisisReport,
    filer: Asking | None,
    through: str,
    now: datetime,
    idempotency: tuple[str, str] | None,
) -> dict[str, object]:
    scope, key = idempotency or (None, None)
    columns = amending.columns_of(report)
    if filer and not any(columns[name] for name in CONTACT):
        columns |= dict(zip(CONTACT, (filer.name, filer.phone or "", filer.email), strict=True))
    return {
        **columns,
        "number": public_id()[:12],  # until the row has its own
        "filed_at": now,
        "filed_by": filer.id if filer else None,
        "filed_through": through,
        "idempotency_scope": scope,
        "idempotency_key": key,
        "content_digest": report.digest(),
    }


def _is_trusted(session: Session, filer: Asking | None, office: str) -> bool:
    filer = read_anew(session, filer) if filer else None
    return filer is not None and may_ask(filer, office)


def _search(now: datetime, *, trusted: bool) -> dict[str, object]:
    if not trusted:
        return {"status": terms.AWAITING, "search": 0, "search_started_at": None}
    return {"status": terms.SEARCHING, "search": 1, "search_started_at": now}


def _begin(session: Session, request: CrisisRequest, filer: Asking | None, now: datetime) -> None:
    audit.record(
        session, actor=filer.public_id if filer else "anonymous", action="request.filed",
        subject=f"request:{request.ref}", now=now, number=request.number,
        office=request.office_code, kind=request.kind, severity=request.severity,
        status=request.status, through=request.filed_through,
    )  # fmt: skip
    if session.connection().execute(ANY_ALIKE, _of(request)).first():
        incidents.record(
            session, f"duplicate:{request.ref}", "duplicate", now, request_id=request.id,
            number=request.number,
        )  # fmt: skip
    if request.status == terms.SEARCHING:
        tell_office(session, request, offices.RECEIVED, now)
    advance_new(session, request, now)
