"""How well the roster covers the world: the board, the network's figures, and each table as CSV.

The roster counts; dispatch says who is busy, and so these doors are here.
"""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from dispatch.choosing.occupied import busy, load
from roster.coverage import Tally, count_everybody
from roster.coverage.alerts import gap_words, open_alerts
from roster.coverage.counting import lead_skills
from roster.coverage.naming import names_of
from roster.coverage.network import read_network, read_quarters
from roster.coverage.outlook import DISTANCES, USUAL, Outlook, look_out
from roster.coverage.picture import draw
from roster.coverage.sheets import SHEETS, Source, note_export, sheet_lines
from roster.coverage.wording import absences, advices
from roster.models import Expert
from roster.trust import saw

bp = Blueprint("coverage", __name__, url_prefix="/coverage")
SHOWN = 10  # single points of failure; all of them are in the file
AT_ONCE = 500


@bp.get("/")
@may("roster.see", "vetting.see")
def show_board() -> str:
    """What is covered and what is not, who must not fall ill, and whom to look for."""
    moment = now()
    outlook = _outlook(moment)
    worst = [one.expert for one in outlook.indispensable[:SHOWN]]
    alerts = open_alerts(db.session())
    return render_template(
        "coverage/board.html",
        tally=_tally(moment),
        outlook=outlook,
        marks=draw(outlook),
        absences=absences(outlook, _experts(worst)),
        advices=advices(outlook),
        alerts=[(alert, gap_words(alert, moment.date())) for alert in alerts],
        today=moment.date(),
        distances=DISTANCES,
        kind=_kind(),
        names={word: names_of(word) for word in ("region", "kind", "language")},
    )


@bp.get("/network")
@may("roster.see", "vetting.see")
def show_network() -> str:
    """How large and alive the network is, and its milestones by quarter."""
    session = db.session()
    return render_template(
        "coverage/network.html",
        network=read_network(session, now()),
        quarters=read_quarters(session),
        regions=names_of("region"),
    )


@bp.post("/export/<sheet>")
@may("roster.see", "vetting.see")
def export(sheet: str) -> Response:
    """One table as a file; who took it is audited."""
    if sheet not in SHEETS:
        abort(404)
    with writing() as session:
        note_export(session, sheet, now(), actor=current_actor())
    if SHEETS[sheet].names_people:
        saw(None, "export")
    moment = now()
    source = Source(
        db.session(), moment, lambda: _tally(moment), lambda: _outlook(moment), _experts
    )
    # Whole before it leaves: half a table would look like all of it.
    content = "".join(sheet_lines(SHEETS[sheet], source))
    name = f"coverage-{sheet}-{moment:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, mimetype="text/csv", headers=headers)


def _tally(moment: datetime) -> Tally:
    return count_everybody(db.session(), moment, busy=busy(), load=load())


def _outlook(moment: datetime) -> Outlook:
    return look_out(db.session(), moment, _within(), _kind())


def _within() -> int:
    """The distance that the address asks for, the usual one if it makes no sense."""
    asked = request.values.get("within", "")
    known = {str(distance): distance for distance in DISTANCES}
    return known.get(asked, USUAL)


def _kind() -> str:
    """The kind of crisis that the address asks for; empty for all of them."""
    asked = request.values.get("kind", "")
    return asked if asked in lead_skills(db.session()) else ""


def _experts(ids: Iterable[int]) -> dict[int, Expert]:
    wanted = sorted({*ids})
    found: dict[int, Expert] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = select(Expert).where(Expert.id.in_(wanted[start : start + AT_ONCE]))
        found |= {expert.id: expert for expert in db.session.scalars(some)}
    return found
