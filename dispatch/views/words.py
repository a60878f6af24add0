"""Words that several pages need, in the reader's language: names, states, reasons, moments."""

from collections.abc import Iterable

from flask import Flask

from core.db import db
from core.i18n import current_language
from core.reference.models import CrisisKind, Office, Service, Skill, named
from dispatch.choosing.asked import NOT_FIT
from dispatch.models import CrisisRequest
from dispatch.office_names import office_name
from dispatch.progress import experts_found
from dispatch.rules import terms
from dispatch.views.reasons import reason_sentence, reason_words
from dispatch.wording.catalogue import _


def init_app(app: Flask) -> None:
    """Gives these words to every template."""
    app.jinja_env.globals.update(
        office_name=name_of_office,
        kind_name=kind_name,
        skill_names=skill_names,
        service_names=service_names,
        reason_words=reason_words,
        reason_sentence=reason_sentence,
        end_words=end_words,
        experts_found=experts_found,
    )


def name_of_office(office: Office) -> str:
    """The office in the reader's language."""
    return office_name(office, current_language())


def kind_name(code: str) -> str:
    """The kind of crisis in the reader's language."""
    return _name(CrisisKind, code)


def service_names(codes: Iterable[str]) -> str:
    """The services of an office in the reader's language."""
    return "; ".join(_name(Service, code) for code in codes)


def skill_names(skills: Iterable[tuple[str, int]]) -> str:
    """Skills, as (code, level), in the reader's language."""
    return "; ".join(
        _("%(skill)s (level %(level)d)", skill=_name(Skill, code), level=level)
        for code, level in skills
    )


def end_words(reason: str) -> str:
    """Why an offer was withdrawn: the machine's reasons in words, an officer's as they wrote it."""
    if reason.startswith(NOT_FIT):
        why = reason_words(reason.removeprefix(NOT_FIT))
        return _("No longer available: %(reason)s", reason=why)
    machine = {
        "others have accepted": _("Others have accepted"),
        "request cancelled": _("The request was cancelled"),
        "request closed": _("The case was closed"),
    }
    return machine.get(reason, reason)


def state_sentence(crisis: CrisisRequest) -> str:
    """What happens now, as the office that waits for help wants to hear it."""
    if crisis.status == terms.ASSIGNED and crisis.exercise:
        return _("An expert has said yes. This is an exercise: nobody travels.")
    if crisis.status == terms.SEARCHING and not crisis.offers:
        return _("We are looking for an expert now. Keep your phone on.")
    return {
        terms.AWAITING: _(
            "We have your request. A duty officer will call you to confirm it; until then "
            "nobody is asked."
        ),
        terms.SEARCHING: _("We are asking experts now, the nearest first. Keep your phone on."),
        terms.PAUSED: _("The search is paused. A duty officer will go on with it."),
        terms.ASSIGNED: _("Help is on its way. The expert will call you."),
        terms.UNFILLED: _("Nobody could be found yet. A duty officer is on it and will call you."),
        terms.CLOSED: _("This case is closed."),
        terms.CANCELLED: _("This request was cancelled."),
    }[crisis.status]


def _name(model: type[CrisisKind] | type[Service] | type[Skill], code: str) -> str:
    row = db.session.get(model, code)
    return named(row, current_language()) if row else code
