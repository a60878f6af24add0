"""A complete application as values: what `registrar.apply` makes a person and a case of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.i18n import DEFAULT, current_language
from roster.joining.forms import StepForm
from roster.joining.known import read_known
from roster.joining.steps import (
    BASE,
    CONFLICTS,
    CONSENTED,
    LANGUAGES,
    LEVELS,
    PERSON,
    REFEREES,
    WORK,
    Draft,
)
from roster.models import Application


class IncompleteApplicationError(ValueError):
    """An application that cannot be sent yet; `missing` are its pages."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(_("Some pages of the application are not complete yet."))
        self.missing = missing


@dataclass(frozen=True)
class Certified:
    """A certificate as it was given; `paper` is the public id of its copy."""

    name: str
    issuer: str
    number: str
    issued_on: date | None
    expires_on: date | None
    skill: str | None
    paper: str


@dataclass(frozen=True)
class Filled:
    """Everything that a complete application says. Degrees are WGS-84, codes as in the tables."""

    name: str
    email: str
    phone: str
    language: str
    base: str
    country: str
    lat: float
    lon: float
    time_zone: str
    languages: tuple[str, ...]
    skills: Mapping[str, tuple[int, str]]
    certificates: tuple[Certified, ...]
    modes: frozenset[str]
    scope: str
    max_missions: int
    conflicts: tuple[str, ...]
    outside: str
    referees: tuple[Mapping[str, str], ...]
    consented_at: datetime


def read_draft(session: Session, application: Application, language: str = DEFAULT) -> Draft:
    """The draft, with names in `language`."""
    return Draft(application, read_known(session, language))


def read_filled(session: Session, application: Application) -> Filled:
    """The values of `application`. Raises IncompleteApplicationError."""
    draft = read_draft(session, application, current_language())
    missing = draft.missing()
    place = draft.place()
    if missing or place is None:
        raise IncompleteApplicationError(missing or [BASE])
    person, work = _judged(draft, PERSON), _judged(draft, WORK)
    conflicts = _judged(draft, CONFLICTS)
    return Filled(
        name=person.name.data,
        email=application.email,
        phone=person.e164,
        language=person.language.data,
        base=str(place["name"])[:200],
        country=place["country"],
        lat=place["lat"],
        lon=place["lon"],
        time_zone=place["time_zone"],
        languages=tuple(_judged(draft, LANGUAGES).codes()),
        skills=_judged(draft, LEVELS).claims(),
        certificates=tuple(read_certificate(one) for one in draft.certificates()),
        modes=frozenset(work.modes.data),
        scope=work.scope.data,
        max_missions=int(work.max_missions.data),
        conflicts=tuple(conflicts.codes()),
        outside=conflicts.outside.data,
        referees=tuple(_judged(draft, REFEREES).people()),
        consented_at=datetime.fromisoformat(draft.answers[CONSENTED]),
    )


def _judged(draft: Draft, step: str) -> StepForm:
    """The form of `step`, whose values can be read."""
    form = draft.stored(step)
    if form is None or not form.validate():
        raise IncompleteApplicationError([step])
    return form


def read_certificate(given: Mapping[str, str]) -> Certified:
    """A certificate as it is kept in a draft."""
    return Certified(
        name=given["name"], issuer=given["issuer"], number=given["number"],
        issued_on=_day(given["issued_on"]), expires_on=_day(given["expires_on"]),
        skill=given["skill"] or None, paper=given["paper"],
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
