"""What vetters see: the queue of cases, and one case with everything about it."""

import re
from datetime import UTC

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.access import may
from core.clock import now
from core.db import db
from core.i18n import LANGUAGES, current_language
from core.reference.models import Language, Region, Skill
from core.reference.queries import names
from roster.models import VettingCase
from roster.papers.quarantine import why_held
from roster.registrar.casefacts import missing_in
from roster.rules import stages
from roster.rules.vetting import default_validity
from roster.trust.sightings import PAGE, saw
from roster.vetting import words
from roster.vetting.casefile import read_case, vetters
from roster.vetting.forms import Fault, QueueForm
from roster.vetting.queue import (
    ANY,
    MINE,
    MOST,
    NOBODYS,
    Filters,
    count_cases,
    list_cases,
    read_key,
)
from roster.vetting.waiting import DECISION, WAITING

bp = Blueprint("vetting", __name__, url_prefix="/vetting")
PUBLIC_ID = re.compile(r"[a-z2-7]{26}")
FIGURES = {
    "open": Filters(),
    "mine": Filters(owner=MINE),
    "nobody": Filters(owner=NOBODYS),
    "overdue": Filters(overdue="yes"),
}


@bp.get("/", endpoint="list_cases")
@may("vetting.see")
def show_queue() -> str:
    """The cases that the address asks for, what falls due first at the top."""
    form = _filter_form(request.args)
    filters = Filters(**{name: (field.data or "")[:100] for name, field in form._fields.items()})
    saw(None, PAGE)
    moment, session = now(), db.session()
    me, today = current_user.id, moment.astimezone(UTC).date()
    page = list_cases(
        session, filters, me=me, today=today,
        after=read_key(request.args.get("after", "")),
        before=read_key(request.args.get("before", "")),
    )  # fmt: skip
    return render_template(
        "vetting/queue.html",
        form=form,
        page=page,
        gaps={one.id: missing_in(session, one) for one in page.cases if _is_open(one)},
        figures={name: count_cases(session, one, me=me, today=today)
                 for name, one in FIGURES.items()},
        found=count_cases(session, filters, me=me, today=today),
        most=MOST,
        today=today,
        words=words,
        regions=names(Region, current_language()),
    )  # fmt: skip


@bp.get("/<public_id>")
@may("vetting.see")
def show_case(public_id: str) -> str:
    """All about one case."""
    return case_page(find_case(public_id))


def find_case(public_id: str) -> VettingCase:
    """The case with this public id, else 404."""
    found = None
    if PUBLIC_ID.fullmatch(public_id):
        query = select(VettingCase).where(VettingCase.public_id == public_id)
        found = db.session.scalars(query).unique().one_or_none()
    return found or abort(404)


def case_page(case: VettingCase, fault: Fault | None = None) -> str:
    """The page of `case`; with a `fault`, the form where it is, as it was typed."""
    moment, session, language = now(), db.session(), current_language()
    today = moment.astimezone(UTC).date()
    saw(case.expert, PAGE)
    return render_template(
        "vetting/case.html",
        file=read_case(session, case, current_user),
        case=case,
        expert=case.expert,
        fault=fault,
        owners=[(one.public_id, one.name or one.email) for one in vetters(session)],
        why_held=why_held,
        today=today,
        valid_until=default_validity(today),
        words=words,
        now=moment,
        tongues=LANGUAGES,
        names={
            "skill": names(Skill, language),
            "region": names(Region, language),
            "language": names(Language, language),
        },
    )


def _is_open(case: VettingCase) -> bool:
    return case.state == stages.OPEN


def _filter_form(given: MultiDict[str, str]) -> QueueForm:
    form, anything = QueueForm(given), ("", _("Any"))
    form.state.choices = [(stages.OPEN, words.STATES[stages.OPEN])] + [
        (state, words.STATES[state]) for state in stages.CASE_STATES if state != stages.OPEN
    ] + [(ANY, _("Any"))]  # fmt: skip
    form.state.data = form.state.data or stages.OPEN
    form.kind.choices = [anything, *((one, words.KINDS[one]) for one in stages.CASE_KINDS)]
    form.owner.choices = [("", _("Everybody's")), (MINE, _("Mine")), (NOBODYS, _("Nobody's"))]
    form.region.choices = [anything, *names(Region, current_language()).items()]
    form.stage.choices = [
        anything,
        *((one, words.STAGES[one]) for one in WAITING if one != DECISION),
        (DECISION, _("Nothing: ready to be decided")),
    ]
    form.overdue.choices = [anything, ("yes", _("Overdue"))]
    return form
