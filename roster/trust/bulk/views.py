"""Pages for changes of many: choose by filters or a file, look at the differences, apply, undo."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from core.access import current_actor, may
from core.clock import now
from core.db import db, writing
from core.tables import TableError, parse_table
from core.web import checks_own_token, lost_token
from roster.forms import filter_form
from roster.interchange import COLUMNS, Outcome
from roster.listing import Filters, list_experts
from roster.models import BulkChange
from roster.naming import names_by_field
from roster.trust.bulk import changing, undoing
from roster.trust.bulk.choosing import MOST, BulkError, rows_for
from roster.trust.bulk.forms import EditForm, FileForm, edit_form
from roster.trust.sightings import PAGE, saw

bp = Blueprint("bulk", __name__, url_prefix="/roster/bulk")
SHOWN, LATEST = 200, 20
FILTERS = ("text", "status", "region", "skill", "language", "available")


@bp.get("/")
@may("roster.edit")
def show_start() -> str:
    """What can be done with many at once, and what was done of late."""
    return _start()


@bp.post("/import")
@may("roster.edit")
@checks_own_token
def import_file() -> ResponseReturnValue:
    """Reads a roster file and shows what it would change; newcomers arrive as applicants."""
    form = FileForm()
    if not form.validate_on_submit():
        return _start(form), 400 if lost_token(form) else 422
    outcome = Outcome()
    file = form.file.data
    try:
        rows = list(
            parse_table(
                (file.filename or "file.csv")[:80], file.read(), COLUMNS, required=("email",),
                refuse=outcome.refuse,
            )
        )  # fmt: skip
        if len(rows) > MOST:
            raise TableError(
                _("The file has more than %(most)s rows. Split it, or use “flask roster import”.",
                  most=MOST)
            )  # fmt: skip
    except TableError as error:
        form.file.errors = [str(error)]
        return _start(form), 422
    change = changing.preview(
        rows, outcome.refused, kind=changing.FILE, by=current_user.id, actor=current_actor(),
        now=now(),
    )  # fmt: skip
    return redirect(url_for("bulk.show_change", public_id=change), 303)


@bp.post("/edit")
@may("roster.edit")
@checks_own_token
def edit() -> ResponseReturnValue:
    """Shows what an edit would change in everybody who matches the filters."""
    form = edit_form(names_by_field()["language"])
    if not form.validate_on_submit():
        return _start(edit=form), 400 if lost_token(form) else 422
    try:
        rows = rows_for(db.session(), _filters(), form.edit, now())
    except BulkError as error:
        form.max_missions.errors = [str(error)]
        return _start(edit=form), 422
    change = changing.preview(
        rows, kind=changing.EDIT, by=current_user.id, actor=current_actor(), now=now()
    )
    return redirect(url_for("bulk.show_change", public_id=change), 303)


@bp.get("/<public_id>")
@may("roster.edit")
def show_change(public_id: str) -> str:
    """One change: what it would do, or what it did, person by person."""
    saw(None, PAGE)
    change = _find(public_id)
    return render_template(
        "roster/bulk/change.html", change=change, shown=SHOWN, form=FileForm(),
        done=changing.done_of(change), left=len(changing.rows_of(change)),
    )  # fmt: skip


@bp.post("/<public_id>/apply")
@may("roster.edit")
def apply(public_id: str) -> ResponseReturnValue:
    """Does what the preview says, portion by portion; what is out of date is shown anew."""
    actor, moment, more = current_actor(), now(), True
    _find(public_id)
    try:
        while more:
            with writing() as session:
                more = changing.apply_next(session, _hold(public_id), actor=actor, now=moment)
    except changing.OverError:
        flash(_("Nothing was done: this change is over already."), "error")
    except changing.StaleError:
        public_id = _begin_anew(public_id)
    else:
        flash(_("Done. You can undo it here."), "success")
    return redirect(url_for("bulk.show_change", public_id=public_id), 303)


def _begin_anew(public_id: str) -> str:
    """Leaves the change at what was done; the public id of a preview of the rest."""
    with writing():
        change = _hold(public_id)
        rows, kind = changing.rows_of(change), change.kind
        done = changing.stop(change)
    anew = changing.preview(rows, kind=kind, by=current_user.id, actor=current_actor(), now=now())
    if done:
        flash(
            ngettext(
                "%(num)d person was changed, then somebody else changed the roster. This is what "
                "the rest would do now.",
                "%(num)d people were changed, then somebody else changed the roster. This is what "
                "the rest would do now.",
                done,
            ),
            "error",
        )
    else:
        flash(
            _("Somebody has changed the roster meanwhile. This is what it would do now."), "error"
        )
    return anew


@bp.post("/<public_id>/undo")
@may("roster.edit")
def undo(public_id: str) -> ResponseReturnValue:
    """Takes it back, portion by portion, where nobody has changed the same since."""
    actor, moment, more = current_actor(), now(), True
    _find(public_id)
    try:
        while more:
            with writing() as session:
                more = undoing.undo_next(session, _hold(public_id), actor=actor, now=moment)
    except changing.OverError:
        flash(_("Nothing was done: this change is over already."), "error")
    else:
        kept = _find(public_id).wanted.get(undoing.KEPT)
        flash(
            _("Undone, but not for everybody: see below.") if kept else _("Undone."),
            "error" if kept else "success",
        )
    return redirect(url_for("bulk.show_change", public_id=public_id), 303)


def _find(public_id: str) -> BulkChange:
    change = db.session.scalar(select(BulkChange).where(BulkChange.public_id == public_id))
    if change is None:
        abort(404)
    return change


def _hold(public_id: str) -> BulkChange:
    """The same, read afresh: who presses the button twice waits for the first, and does nothing."""
    query = select(BulkChange).where(BulkChange.public_id == public_id).with_for_update()
    fresh = query.execution_options(populate_existing=True)
    return db.session.scalar(fresh) or abort(404)


def _filters() -> Filters:
    return Filters(**{name: request.args.get(name, "")[:100] for name in FILTERS})


def _start(form: FileForm | None = None, edit: EditForm | None = None) -> str:
    known = names_by_field()
    latest = select(BulkChange).order_by(BulkChange.id.desc()).limit(LATEST)
    return render_template(
        "roster/bulk/index.html",
        filters=filter_form(request.args, known),
        total=list_experts(db.session(), _filters(), now(), size=1).total,
        form=form or FileForm(formdata=None),
        edit=edit or edit_form(known["language"], formdata=None),
        columns=COLUMNS,
        latest=db.session.scalars(latest).all(),
    )
