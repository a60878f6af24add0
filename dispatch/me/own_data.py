"""What is stored of me: taken along as a file, my papers, who looked; and staying or leaving."""

from flask import abort, flash, render_template
from flask.json import dumps
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from dispatch.forms import MoveForm
from dispatch.me.blueprint import back_to, bp, own_expert
from dispatch.me.forms import WithdrawalForm
from roster import registrar, trust
from roster.models import Expert, Paper
from roster.papers.quarantine import papers_of, why_held
from roster.papers.views import send_paper
from roster.rules import terms
from roster.trust.history import read_history
from roster.trust.sightings import DOWNLOAD

LATEST = 10


@bp.get("/data")
@may("own")
def show_data() -> str:
    """What one may do with one's data, and with one's place on the roster."""
    expert = own_expert()
    return render_template(
        "me/data.html",
        expert=expert,
        on_roster=expert.status in terms.VETTED,
        may_leave=expert.status != terms.REMOVED,
        papers=[(paper, why_held(paper)) for paper in papers_of(db.session(), expert)],
        history=read_history(db.session(), expert, LATEST, for_themself=True),
        move=MoveForm(formdata=None),
    )


@bp.post("/download")
@may("own")
def download() -> Response:
    """Everything that is stored of me, as one JSON file."""
    expert = own_expert()
    trust.saw(expert, DOWNLOAD)
    content = dumps(trust.collect(db.session(), expert), ensure_ascii=False, indent=2)
    name = f"ip-roc-{now():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, mimetype="application/json", headers=headers)


@bp.get("/papers/<public_id>")
@may("own")
def show_paper(public_id: str) -> Response:
    """A paper that I handed in, once it was found clean."""
    expert = own_expert()
    own = select(Paper).where(Paper.public_id == public_id, Paper.expert_id == expert.id)
    return send_paper(db.session.scalar(own) or abort(404))


@bp.post("/reconfirm")
@may("own")
def reconfirm() -> Response:
    """I still want to be asked."""
    expert = own_expert()
    try:
        with writing() as session:
            registrar.reconfirm(session, expert, actor=current_actor(), now=now())
    except registrar.WrongStandingError as error:
        flash(str(error), "error")
    else:
        flash(_("Thank you. We know that you still want to be asked."), "success")
    return back_to("me.show_data")


@bp.get("/withdraw")
@may("own")
def show_withdrawal() -> ResponseReturnValue:
    """What leaving means, and a button that one does not press by mistake."""
    return _withdrawal(own_expert(), WithdrawalForm(formdata=None))


@bp.post("/withdraw")
@may("own")
def withdraw() -> ResponseReturnValue:
    """I leave the roster for good."""
    expert, form = own_expert(), WithdrawalForm()
    if not form.validate_on_submit():
        return _withdrawal(expert, form), 422
    try:
        with writing() as session:
            registrar.withdraw_expert(
                session, expert, form.why.data or "", actor=current_actor(), now=now()
            )
    except registrar.WrongStandingError as error:
        flash(str(error), "error")
    else:
        flash(_("You have left the roster. Thank you for having been there."), "success")
    return back_to("me.show_overview")


def _withdrawal(expert: Expert, form: WithdrawalForm) -> str:
    return render_template("me/withdraw.html", expert=expert, form=form)
