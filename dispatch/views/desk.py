"""The duty board: every open request, what the machine could not finish, and each case in full.

Shows; the moves are in `dispatch.views.moves`.
"""

from datetime import datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.access import may
from core.clock import now
from core.db import db
from dispatch import board
from dispatch.choosing import candidates
from dispatch.forms import MoveForm
from dispatch.intake import possible_duplicates
from dispatch.lookup import find_case
from dispatch.models import CrisisRequest
from dispatch.progress import experts_found, timeline_of
from dispatch.rules.escalation import ENDED
from dispatch.views.live import LivePart, answer_live, live_part
from dispatch.views.map import draw_board, draw_case
from dispatch.views.next_ones import next_ones
from roster.trust.sightings import PAGE, saw

bp = Blueprint("desk", __name__, url_prefix="/desk")
BOARD_S, CASE_S, NEXT_S = 3, 3, 15
SHOWN = 15
Fault = dict[str, str]


@bp.get("/")
@may("desk.see")
def show_board() -> str:
    """All open requests, gravest first, and everything that waits for a human."""
    return render_template("desk/board.html", part=_board(now()), form=MoveForm())


@bp.get("/live")
@may("desk.see")
def show_live() -> ResponseReturnValue:
    """The part of the board that is fetched again and again."""
    return answer_live(_board(now()))


@bp.get("/<ref>")
@may("desk.see")
def show_case(ref: str) -> str:
    """One request: its ladder as list and map, who else could be asked, and why others not."""
    return case_page(ref)


@bp.get("/<ref>/live")
@may("desk.see")
def show_case_live(ref: str) -> ResponseReturnValue:
    """The part of a case that is fetched again and again."""
    return answer_live(_case(find_case(ref), now()))


@bp.get("/<ref>/next")
@may("desk.see")
def show_next(ref: str) -> ResponseReturnValue:
    """Who could be asked next, fetched now and then: it looks at everybody."""
    return answer_live(_next(find_case(ref), now()))


def case_page(ref: str, fault: Fault | None = None) -> str:
    """The whole page of a case; `fault` says what was wrong with which field (`at`, `text`)."""
    found, moment = find_case(ref), now()
    return render_template(
        "desk/case.html",
        crisis=found,
        part=_case(found, moment, fault),
        next=None if found.status in ENDED else _next(found, moment, fault),
        duplicates=possible_duplicates(db.session(), found),
        fault=fault,
    )


def _board(moment: datetime) -> LivePart:
    shown = board.read_board(db.session(), moment)
    for message in shown.texts:
        if message.expert is not None:
            saw(message.expert, PAGE)
    return live_part(
        "board",
        "desk/_board_live.html",
        url_for("desk.show_live"),
        every_s=BOARD_S,
        board=shown,
        map=draw_board(shown.requests, moment),
        form=MoveForm(),
    )


def _case(found: CrisisRequest, moment: datetime, fault: Fault | None = None) -> LivePart:
    for expert in experts_found(found):
        saw(expert, PAGE)
    soonest = candidates.next_in_line(db.session(), found, moment, limit=SHOWN)
    return live_part(
        "case",
        "desk/_case_live.html",
        url_for("desk.show_case_live", ref=found.ref),
        every_s=0 if found.status in ENDED else CASE_S,
        crisis=found,
        map=draw_case(found, soonest, moment),
        timeline=timeline_of(found),
        form=MoveForm(),
        fault=fault,
    )


def _next(found: CrisisRequest, moment: datetime, fault: Fault | None = None) -> LivePart:
    return live_part(
        "next",
        "desk/_next_live.html",
        url_for("desk.show_next", ref=found.ref),
        every_s=NEXT_S,
        crisis=found,
        who=next_ones(db.session(), found, moment, SHOWN),
        form=MoveForm(),
        fault=fault,
    )
