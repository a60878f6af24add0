"""Amends a filed request, and lets everybody whom it concerns know."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import audit
from dispatch.advance import advance
from dispatch.case import active_missions, count_filled, hold, open_offers
from dispatch.messages import notify_expert
from dispatch.models import CrisisRequest
from dispatch.reports import amending
from dispatch.reports.report import ReportError
from dispatch.rules.escalation import ENDED
from dispatch.rules.lifecycle import MoveNotAllowedError
from dispatch.wording import notices


def amend(
    session: Session,
    request: CrisisRequest,
    changes: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Changes what was filed, in the fields of `read_report`; a larger `experts_needed` extends it.

    Open offers are withdrawn from those who no longer qualify, and the others are told, as are
    those on their way. Raises ReportError for what cannot be used.
    """
    request = hold(session, request.id)
    if request.status in ENDED:
        raise MoveNotAllowedError(request.status, request.status)
    report = amending.read_changes(request, changes)
    filled = count_filled(session, request)
    if report.experts_needed < filled:
        raise ReportError(
            {"experts_needed": _("%(count)d experts have accepted already", count=filled)}
        )
    changed = amending.apply(request, report)
    if not changed:
        return
    audit.record(
        session, actor=actor, action="request.amended", subject=f"request:{request.ref}", now=now,
        changed={name: getattr(request, name) for name in changed},
    )  # fmt: skip
    advance(session, request, now)  # reads it anew: its kind may be another by now
    if changed != ["slots"]:
        _tell_amended(session, request, now)


def _tell_amended(session: Session, request: CrisisRequest, now: datetime) -> None:
    for offer in open_offers(session, request):
        if offer.created_at < now:
            notify_expert(session, offer.expert, notices.AMENDED, now, request=request, offer=offer)
    for mission in active_missions(session, request):
        notify_expert(session, mission.expert, notices.AMENDED, now, request=request)
