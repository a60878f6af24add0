"""An application as its sender reads it once more before it leaves: question by question."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field

from core.countries import country_name
from roster.joining.reading import Certified, read_certificate
from roster.joining.steps import BASE, CERTIFICATES, CV, ORDER, Draft
from roster.models import Paper
from roster.papers.names import told_apart
from roster.papers.quarantine import papers_of
from roster.rules import stages

Row = tuple[str, str]


def summarise(session: Session, draft: Draft, language: str) -> list[tuple[str, list[Row]]]:
    """Each page with its questions and answers, names in `language`."""
    special = {
        BASE: lambda: _base(draft, language),
        CERTIFICATES: lambda: _certificates(session, draft),
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


def _certificates(session: Session, draft: Draft) -> list[Row]:
    copies = dict(_files(session, draft, stages.CERTIFICATE))
    given = [
        (one.name, "\n".join(_about(one, draft, copies)))
        for one in map(read_certificate, draft.certificates())
    ]
    return given or [(_("Your certificates"), _("None"))]


def _about(one: Certified, draft: Draft, copies: Mapping[str, str]) -> Iterator[str]:
    yield one.issuer
    if one.number:
        yield _("Number: %(number)s", number=one.number)
    if one.issued_on:
        yield _("Issued on %(day)s", day=format_date(one.issued_on, "d MMMM y"))
    if one.expires_on:
        yield _("Valid until %(day)s", day=format_date(one.expires_on, "d MMMM y"))
    else:
        yield _("Does not expire")
    if one.skill:
        yield _("For the skill: %(skill)s", skill=draft.known.skills.get(one.skill, one.skill))
    if one.paper in copies:
        yield _("Copy: %(file)s", file=copies[one.paper])


def _cv(session: Session, draft: Draft) -> list[Row]:
    names = "\n".join(name for _id, name in _files(session, draft, stages.CV))
    return [(_("Your CV"), names or _("None"))]


def _files(session: Session, draft: Draft, kind: str) -> list[tuple[str, str]]:
    """The public id of each file, with its name and size so that two are told apart."""
    papers = papers_of(session, draft.application, kind)
    names = told_apart([paper.file_name for paper in papers])
    return [
        (paper.public_id, f"{name} ({_size(paper)})")
        for paper, name in zip(papers, names, strict=True)
    ]


def _size(paper: Paper) -> str:
    return str(_("%(size)s KB", size=format_decimal(-(-paper.size // 1024))))
