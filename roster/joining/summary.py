"""An application as its sender reads it once more before it leaves: question by question."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field

from core.countries import country_name
from roster.joining.steps import BASE, CERTIFICATES, CV, ORDER, Draft
from roster.papers.quarantine import papers_of
from roster.rules import stages

Row = tuple[str, str]


def summarise(session: Session, draft: Draft, language: str) -> list[tuple[str, list[Row]]]:
    """Each page with its questions and answers, names in `language`."""
    special = {
        BASE: lambda: _base(draft, language),
        CERTIFICATES: lambda: _certificates(draft),
        CV: lambda: _cv(session, draft),
    }
    return [(step, special[step]() if step in special else list(_rows(draft, step)))
            for step in ORDER]  # fmt: skip


def _rows(draft: Draft, step: str) -> Iterator[Row]:
    form = draft.stored(step)
    for legend, fields in form.groups() if form is not None else ():
        for field in fields:
            said = _said(field)
            if said:
                name = str(field.label.text)
                yield (f"{legend}: {name}" if legend else name), said


def _said(field: Field) -> str:
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else ""
    choices: Any = getattr(field, "choices", None)
    if choices is None:
        return str(field.data or "")
    pairs = choices() if callable(choices) else choices
    names = dict(pairs.items() if hasattr(pairs, "items") else pairs)
    chosen = field.data if isinstance(field.data, list) else [field.data]
    return "\n".join(str(names.get(one, one)) for one in chosen if one)


def _base(draft: Draft, language: str) -> list[Row]:
    place = draft.place()
    if place is None:
        return []
    where = f"{place['name']}, {country_name(place['country'], language)}"
    return [(_("Where you are based"), where), (_("Your time zone"), place["time_zone"])]


def _certificates(draft: Draft) -> list[Row]:
    given = [(one["name"], one["issuer"]) for one in draft.certificates()]
    return given or [(_("Your certificates"), _("None"))]


def _cv(session: Session, draft: Draft) -> list[Row]:
    papers = papers_of(session, draft.application, stages.CV)
    names = "\n".join(paper.file_name for paper in papers)
    return [(_("Your CV"), names or _("None"))]
