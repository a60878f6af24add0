"""What a change of a filed request makes of its report. Knows neither offers nor experts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from dispatch.models import CrisisRequest
from dispatch.reports.report import CrisisReport, ReportError, read_report

FIXED = ("office", "exercise")
COLUMNS = {"experts_needed": "slots"}


def columns_of(report: CrisisReport) -> dict[str, Any]:
    """The columns of CrisisRequest that say what `report` says."""
    return {
        "office_code": report.office,
        "kind": report.kind,
        "severity": report.severity,
        "summary": report.summary,
        "impact": list(report.impact),
        "services": list(report.services),
        "skills": [[code, level] for code, level in report.skills],
        "languages": list(report.languages),
        "mode": report.mode,
        "slots": report.experts_needed,
        "place": report.place,
        "lat": report.lat,
        "lon": report.lon,
        "affected_radius_km": report.affected_radius_km,
        "local_experts_safe": report.local_experts_safe,
        "contact_name": report.contact_name,
        "contact_phone": report.contact_phone,
        "contact_email": report.contact_email,
        "exercise": report.exercise,
        "language": report.language,
    }


def filed_as(request: CrisisRequest) -> dict[str, Any]:
    """The report that would file `request` as it stands, as `read_report` takes it."""
    return {
        "office": request.office_code,
        "skills": [f"{code}:{level}" for code, level in request.skills],
        "experts_needed": request.slots,
        **{
            name: getattr(request, name)
            for name in (
                "kind", "severity", "summary", "impact", "services", "languages", "mode", "place",
                "lat", "lon", "affected_radius_km", "local_experts_safe", "contact_name",
                "contact_phone", "contact_email", "exercise", "language",
            )
        },
    }  # fmt: skip


def read_changes(request: CrisisRequest, changes: Mapping[str, Any]) -> CrisisReport:
    """The whole report after `changes`, checked; what is set to null is left out.

    Raises ReportError, also for what cannot be changed any more.
    """
    before = filed_as(request)
    if changes.get("place") and not {"lat", "lon"} & changes.keys():
        del before["lat"], before["lon"]
    elif {"lat", "lon"} & changes.keys() and "place" not in changes:
        before["place"] = ""
    fixed = {
        name: _("This cannot be changed; cancel the request and file another")
        for name in FIXED
        if name in changes and changes[name] != before[name]
    }
    if fixed:
        raise ReportError(fixed)
    return read_report(before | dict(changes))


def apply(request: CrisisRequest, report: CrisisReport) -> list[str]:
    """Writes `report` into `request`; returns the names of the columns that changed."""
    changed = [
        name for name, value in columns_of(report).items() if getattr(request, name) != value
    ]
    for name in changed:
        setattr(request, name, columns_of(report)[name])
    return changed
