"""The administrator's pages about reference rows: which there are, and what each says."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from core import clock
from core.access import current_actor, may
from core.db import db, writing
from core.i18n import current_language
from core.reference.editing import add, edit
from core.reference.models import named
from core.reference.pages import TABLES, Table
from core.reference.queries import names

bp = Blueprint("reference", __name__, url_prefix="/admin/reference")


@bp.get("/")
@may("admin.see")
def index() -> str:
    """The tables, and how many rows each has."""
    counts = {
        slug: db.session.scalar(select(func.count()).select_from(table.model))
        for slug, table in TABLES.items()
    }
    return render_template("admin/reference/index.html", tables=TABLES, counts=counts)


@bp.get("/<table>/")
@may("admin.see")
def list_rows(table: str) -> str:
    """All rows of a table, by code and name."""
    rows = names(_table(table).model, current_language())
    return render_template("admin/reference/rows.html", slug=table, table=_table(table), rows=rows)


@bp.get("/<table>/new")
@may("admin.edit")
def new_row(table: str) -> str:
    """The empty form."""
    return _page(table, None, _growing(table).form())


@bp.post("/<table>/new")
@may("admin.edit")
def make_row(table: str) -> ResponseReturnValue:
    """Stores a new row."""
    growing = _growing(table)
    form = growing.form()
    code = (form.code.data or "").strip()
    if form.validate_on_submit() and not code:
        form.code.errors = [_("Enter a code.")]
    elif not form.errors and db.session.get(growing.model, code):
        form.code.errors = [_("There is already a row with this code.")]
    if form.errors:
        return _page(table, None, form), 400
    with writing() as session:
        now = clock.now(session)
        add(session, growing.model(code=code), form.columns(), actor=current_actor(), now=now)
    flash(_("Saved."), "success")
    return redirect(url_for("reference.list_rows", table=table))


@bp.get("/<table>/<code>")
@may("admin.see")
def show_row(table: str, code: str) -> str:
    """One row, as a form."""
    row = _row(table, code)
    return _page(table, row, _table(table).form.of(row))


@bp.post("/<table>/<code>")
@may("admin.edit")
def change_row(table: str, code: str) -> ResponseReturnValue:
    """Stores what was typed."""
    row = _row(table, code)
    form = _table(table).form.of(row)
    if not form.validate_on_submit():
        return _page(table, row, form), 400
    with writing() as session:
        now = clock.now(session)
        edit(session, _row(table, code), form.columns(), actor=current_actor(), now=now)
    flash(_("Saved."), "success")
    return redirect(url_for("reference.list_rows", table=table))


def _table(slug: str) -> Table:
    return TABLES.get(slug) or abort(404)


def _growing(slug: str) -> Table:
    table = _table(slug)
    return table if table.grows else abort(404)


def _row(slug: str, code: str) -> Any:
    return db.session.get(_table(slug).model, code) or abort(404)


def _page(slug: str, row: Any | None, form: Any) -> str:
    name = named(row, current_language()) if row else _("New row")
    return render_template(
        "admin/reference/row.html", slug=slug, table=_table(slug), row=row, name=name, form=form
    )
