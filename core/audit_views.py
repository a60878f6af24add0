"""The audit's rows as a page for auditors and administrators; changes nothing."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request
from sqlalchemy import Select, select

from core.access import may
from core.accounts.models import User
from core.audit import AuditRow
from core.db import db

bp = Blueprint("audit", __name__)
PAGE = 50


@bp.get("/admin/audit")
@may("audit.see")
def rows() -> str:
    """What was done, newest first: by whom, to what, between two days (UTC)."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = db.paginate(chosen_by(asked), per_page=PAGE, max_per_page=PAGE)
    actors = {row.actor for row in page}
    users = db.session.scalars(select(User).where(User.public_id.in_(actors)))
    names = {user.public_id: user.name or user.email for user in users}
    return render_template("admin/audit.html", page=page, asked=asked, names=names)


def chosen_by(asked: dict[str, str]) -> Select[AuditRow]:
    """The rows that fit; a day that is none is taken as not asked for."""
    rows = select(AuditRow).order_by(AuditRow.id.desc())
    for name in ("actor", "subject"):
        if asked[name]:
            rows = rows.where(getattr(AuditRow, name) == asked[name])
    if asked["action"]:
        rows = rows.where(AuditRow.action.startswith(asked["action"], autoescape=True))
    since, until = _day(asked["since"]), _day(asked["until"], "23:59:59.999999")
    if since:
        rows = rows.where(AuditRow.at >= since)
    if until:
        rows = rows.where(AuditRow.at <= until)
    return rows


FILTERS = ("actor", "action", "subject", "since", "until")


def _day(text: str, clock: str = "00:00:00") -> datetime | None:
    try:
        return datetime.fromisoformat(f"{text}T{clock}").replace(tzinfo=UTC)
    except ValueError:
        return None
