"""HR's pages: the list of experts, and one expert with suspension and absences."""

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import current_actor, may
from core.accounts import people
from core.accounts.people import AccountError
from core.clock import now
from core.db import db, writing
from roster import registrar
from roster.claims import ended_at, skills_at
from roster.forms import AbsenceForm, MoveForm, SuspendForm, filter_form
from roster.hours import hours, weekly_hours
from roster.interchange import export_lines, note_export
from roster.listing import Filters, count_by_status, list_experts
from roster.models import Absence, Expert
from roster.naming import names_by_field
from roster.rules.availability import available_text, first_day, last_day
from roster.trust.sightings import EXPORT, PAGE, saw

bp = Blueprint("roster", __name__, url_prefix="/roster")


@bp.get("/", endpoint="list_experts")
@may("roster.see")
def show_list() -> str:
    """The roster by name, filtered as the address says."""
    form = filter_form(request.args, names_by_field())
    filters = Filters(**{name: (field.data or "")[:100] for name, field in form._fields.items()})
    saw(None, PAGE)
    moment = now()
    number = request.args.get("page", "1")
    page = list_experts(db.session(), filters, moment, int(number[:9]) if number.isdecimal() else 1)
    return render_template(
        "roster/list.html",
        form=form,
        page=page,
        counts=count_by_status(db.session()),
        move=MoveForm(formdata=None),
        names=names_by_field(),
        now=moment,
        available_text=available_text,
        skills_at=skills_at,
    )


@bp.post("/export")
@may("roster.edit")
def export() -> Response:
    """The whole roster as a file that the import reads back; who took it is audited."""
    saw(None, EXPORT)
    with writing() as session:
        moment = now()
        note_export(session, moment, actor=current_actor())
    # Whole before it leaves: half a roster would look like all of it.
    content = "".join(export_lines(db.session(), moment))
    name = f"roster-{moment:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, mimetype="text/csv", headers=headers)


@bp.get("/<public_id>")
@may("roster.see")
def show_expert(public_id: str) -> str:
    """All that the roster knows of one expert."""
    return _page(public_id)


@bp.post("/<public_id>/suspend")
@may("roster.edit")
def suspend(public_id: str) -> Response | tuple[str, int]:
    """Takes the expert out of service at once."""
    form = SuspendForm()
    if not form.validate_on_submit():
        return _page(public_id, suspend=form), 422
    with writing() as session:
        reason = form.reason.data or ""
        registrar.suspend(session, _find(public_id), reason, actor=current_actor(), now=now())
    flash(_("Suspended. Nobody will be asked through this entry."), "success")
    return _back(public_id)


@bp.post("/<public_id>/reinstate")
@may("roster.edit")
def reinstate(public_id: str) -> Response:
    """Brings a suspended expert back to where they were."""
    with writing() as session:
        registrar.reinstate(session, _find(public_id), actor=current_actor(), now=now())
    flash(_("The suspension is lifted."), "success")
    return _back(public_id)


@bp.post("/<public_id>/absences")
@may("roster.edit")
def add_absence(public_id: str) -> Response | tuple[str, int]:
    """Notes that the expert is away."""
    form = AbsenceForm()
    if not form.validate_on_submit() or form.first_day.data is None:
        return _page(public_id, absence=form), 422
    with writing() as session:
        registrar.add_absence(
            session,
            _find(public_id),
            form.first_day.data,
            form.last_day.data,
            form.why.data or "",
            actor=current_actor(),
            now=now(),
        )
    flash(_("The absence is noted."), "success")
    return _back(public_id)


@bp.post("/<public_id>/absences/<int:number>/end")
@may("roster.edit")
def end_absence(public_id: str, number: int) -> Response:
    """The expert is back, or will not go."""
    with writing() as session:
        expert = _find(public_id)
        absence = session.get(Absence, number)
        if absence is None or absence.expert_id != expert.id:
            abort(404)
        registrar.end_absence(session, expert, absence, actor=current_actor(), now=now())
    flash(_("The absence is ended."), "success")
    return _back(public_id)


@bp.post("/<public_id>/invite")
@may("roster.edit")
def invite(public_id: str) -> Response:
    """Mails the expert an invitation to an account of their own."""
    with writing() as session:
        expert = _find(public_id)
        registrar.invite_expert(session, expert, actor=current_actor(), now=now())
        is_linked = expert.user_id is not None
    if is_linked:
        flash(_("Somebody with this e-mail address has an account: it is theirs."), "success")
    else:
        flash(_("The invitation is on its way."), "success")
    return _back(public_id)


@bp.errorhandler(registrar.WrongStandingError)
@bp.errorhandler(AccountError)
def say_why_not(error: ValueError) -> Response:
    """What the expert's state does not allow, on the expert's page; nothing was done."""
    flash(str(error), "error")
    return _back((request.view_args or {})["public_id"])


def _find(public_id: str) -> Expert:
    expert = db.session.scalar(select(Expert).where(Expert.public_id == public_id))
    if expert is None or expert.erased_at is not None:
        abort(404)
    return expert


def _back(public_id: str) -> Response:
    return redirect(url_for("roster.show_expert", public_id=public_id), 303)


def _page(
    public_id: str, suspend: SuspendForm | None = None, absence: AbsenceForm | None = None
) -> str:
    expert, moment = _find(public_id), now()
    saw(expert, PAGE)
    return render_template(
        "roster/expert.html",
        expert=expert,
        absences=[one for one in expert.absences if one.ends_at is None or one.ends_at > moment],
        first_day=first_day,
        last_day=last_day,
        ended=ended_at(expert, moment),
        weekly=weekly_hours(expert),
        quiet=hours(expert.quiet_from, expert.quiet_until),
        suspend=suspend or SuspendForm(formdata=None),
        absence=absence or AbsenceForm(formdata=None),
        move=MoveForm(formdata=None),
        account=people.find(db.session(), expert.email),
        names=names_by_field(),
        now=moment,
    )
