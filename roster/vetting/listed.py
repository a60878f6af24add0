"""Who is listed in IP-ROC, as a file for that side. Who took it is audited."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core import audit
from core.access import current_actor, may
from core.clock import now
from core.db import writing
from core.tables import csv_lines
from roster.claims import skills_at
from roster.models import Expert
from roster.rules.terms import LISTED
from roster.trust.sightings import EXPORT, saw

bp = Blueprint("listed", __name__, url_prefix="/roster")
Row = dict[str, str]
COLUMNS = ("reference", "listed_on", "name", "country", "region", "scope", "languages", "skills")


@bp.post("/listed.csv")
@may("roster.edit")
def export_csv() -> ResponseReturnValue:
    """Everybody who is listed, by reference, for a spreadsheet."""
    rows = _taken("csv")
    content = "\ufeff" + "".join(csv_lines(COLUMNS, rows))
    return _as_file(Response(content, mimetype="text/csv"), "csv")


@bp.post("/listed.json")
@may("roster.edit")
def export_json() -> ResponseReturnValue:
    """The same for a program."""
    return _as_file(jsonify(listed=_taken("json")), "json")


def _taken(form: str) -> list[Row]:
    """The rows, once it is noted who takes them; no address and no phone leaves this way."""
    saw(None, EXPORT)
    with writing() as session:
        moment = now(session)
        rows = [*rows_of(session, moment)]
        audit.record(
            session, actor=current_actor(), action="roster.listed_exported",
            subject="roster:listed", now=moment, rows=len(rows), form=form,
        )  # fmt: skip
    return rows


def _as_file(answer: Response, ending: str) -> Response:
    name = f"ip-roc-{now():%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def rows_of(session: Session, moment: datetime) -> Iterator[Row]:
    """One row for each listed expert, in the columns `COLUMNS`: the skills count at `moment`."""
    listed = select(Expert).where(Expert.status == LISTED)
    for expert in session.scalars(listed.order_by(Expert.iproc_reference, Expert.id)):
        yield {
            "reference": expert.iproc_reference,
            "listed_on": expert.listed_at.isoformat() if expert.listed_at else "",
            "name": expert.name,
            "country": expert.country,
            "region": expert.region,
            "scope": expert.scope,
            "languages": ";".join(sorted(language.code for language in expert.languages)),
            "skills": ";".join(
                sorted(f"{code}:{level}" for code, level in skills_at(expert, moment).items())
            ),
        }
