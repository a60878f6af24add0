"""Offices, experts and coverage over the API, for those whose role may see them."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify, url_for
from flask_login import current_user
from sqlalchemy import func, select

from core.access import allowed, may
from core.clock import now
from core.db import db
from core.reference.models import Office
from dispatch.api.blueprint import bp
from dispatch.api.reading import choice_argument, number_argument
from dispatch.choosing.occupied import busy, load
from roster.claims import skills_at
from roster.coverage import count_coverage
from roster.models import Expert
from roster.rules.availability import available_text
from roster.rules.terms import MODES, STATUSES
from roster.trust.sightings import API, saw


@bp.get("/offices")
@may("crisis.see", "roster.see", "admin.see")
def list_offices() -> Response:
    """All offices: code, names, seat, zone, languages, region."""
    rows = db.session.scalars(select(Office).order_by(Office.code)).all()
    return jsonify(offices=[_office(row) for row in rows], total=len(rows))


@bp.get("/experts")
@may("roster.see", "own")
def list_experts() -> Response:
    """The roster in pages, by name; `status` filters. Experts get their own entry only."""
    page, size = number_argument("page", 1, 1_000_000), number_argument("per_page", 50, 100)
    status = choice_argument("status", STATUSES)
    wanted = select(Expert).where(Expert.erased_at.is_(None)).order_by(Expert.name, Expert.id)
    if allowed("roster.see"):
        saw(None, API)
    else:
        wanted = wanted.where(Expert.user_id == current_user.id)
    if status:
        wanted = wanted.where(Expert.status == status)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.scalars(wanted.limit(size).offset((page - 1) * size)).all()
    moment = now()
    following = url_for("api.list_experts", page=page + 1, per_page=size, status=status)
    return jsonify(
        experts=[_expert(row, moment) for row in rows],
        page=page,
        per_page=size,
        total=total,
        next=following if page * size < total else None,
    )


@bp.get("/coverage")
@may("desk.see", "roster.see")
def show_coverage() -> Response:
    """Per region, kind and language: how many are qualified, and deployable now."""
    return jsonify(count_coverage(db.session(), now(), busy=busy(), load=load()))


def _office(row: Office) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name_en,
        "office_name": row.office_name,
        "seat": row.seat_city,
        "lat": row.lat,
        "lon": row.lon,
        "time_zone": row.time_zone,
        "languages": row.spoken,
        "region": row.region,
    }


def _expert(row: Expert, moment: datetime) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "status": row.status,
        "country": row.country,
        "region": row.region,
        "base": row.base,
        "languages": sorted(spoken.code for spoken in row.languages),
        "skills": sorted(f"{code}:{level}" for code, level in skills_at(row, moment).items()),
        "modes": [mode for mode in MODES if getattr(row, mode)],
        "max_missions": row.max_missions,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "available": available_text(row, moment),
    }
