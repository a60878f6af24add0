"""What an office reports: one checked value for the form, the API and texts alike.

Limits are held here, on the server. Knows nothing of requests already filed, nor of who files.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.db import db
from core.i18n import nearest_language
from core.places import find_place
from dispatch import fields
from dispatch.fields import BadFieldError
from dispatch.reports.known import Known, Whereabouts, read_known
from dispatch.rules.terms import SEVERITIES
from roster.rules.terms import DEFAULT_LEVEL, EITHER, MODES, Mode

REQUIRED = ("office", "kind", "severity", "summary")
MOST_EXPERTS = 50
FARTHEST_KM = 20_040  # half-way round the earth: an affected circle cannot be wider


class ReportError(ValueError):
    """A report that cannot be used: `errors` says by field what to put right."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class CrisisReport:
    """The fields of CONTRACT's POST /crises, clean. Distances in km, coordinates in degrees.

    What was left out is empty; only the position is always there (else where the office is).
    """

    office: str
    kind: str
    severity: int
    summary: str
    lat: float
    lon: float
    impact: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    skills: tuple[tuple[str, int], ...] = ()
    languages: tuple[str, ...] = ()
    mode: Mode = "either"
    experts_needed: int = 1
    place: str = ""
    affected_radius_km: float | None = None
    local_experts_safe: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    exercise: bool = False
    language: str = "en"

    def digest(self) -> str:
        """SHA-256 of the content, to tell a repeated report from another under the same key.

        The language of the page is left out: reading it in another one changes no report.
        """
        content = json.dumps({**vars(self), "language": ""}, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def read_report(data: Mapping[str, Any]) -> CrisisReport:
    """The report that `data` (a form's answers or a JSON object) makes.

    Raises ReportError with a sentence for every field that is unknown, missing or unusable.
    """
    known = read_known(db.session(), _code(data.get("office")))
    errors = {name: _("This field is not known") for name in data if name not in READERS}
    values: dict[str, Any] = {}
    for name, read in READERS.items():
        given = data.get(name)
        if given is None or given in ("", []):
            continue
        try:
            values[name] = read(given, known)
        except BadFieldError as error:
            errors[name] = str(error)
    for name in REQUIRED:
        if name not in errors and not values.get(name):
            errors[name] = _("This field is required")
    if not errors.keys() & {"lat", "lon"}:
        errors |= _place(values, known.where)
    if errors:
        raise ReportError(errors)
    return CrisisReport(**values)


def _code(value: object) -> str:
    is_code = isinstance(value, str) and len(value) <= 10 and value.isprintable()
    return str(value) if is_code else ""


def _place(values: dict[str, Any], where: Whereabouts | None) -> dict[str, str]:
    """Fills in the position: as given, else the place's, else where the office is."""
    given = {"lat", "lon"} & values.keys()
    if len(given) == 1:
        missing = ({"lat", "lon"} - given).pop()
        return {missing: _("Give both lat and lon, or neither")}
    if given or where is None:
        return {}
    values["lat"], values["lon"] = where.lat, where.lon
    if not values.get("place"):
        return {}
    found = find_place(values["place"], where.iso2 or None, limit=1)
    if not found:
        return {"place": _("We do not know this place. Give a larger town near it, or coordinates")}
    values["lat"], values["lon"] = found[0].lat, found[0].lon
    return {}


Reader = Callable[[object, Known], object]


def _text(longest: int, *, lines: bool = False) -> Reader:
    return lambda value, _known: fields.read_text(value, longest=longest, lines=lines)


def _number(least: float, most: float) -> Reader:
    return lambda value, _known: fields.read_number(value, least=least, most=most)


def _whole(least: int, most: int) -> Reader:
    return lambda value, _known: fields.read_whole(value, least=least, most=most)


def _flag(value: object, _known: Known) -> bool:
    return fields.read_flag(value)


def _phone(value: object, known: Known) -> str:
    return fields.read_phone(value, known.where.iso2 if known.where else "")


READERS: dict[str, Reader] = {
    "office": lambda value, known: fields.read_choice(value, known.offices),
    "kind": lambda value, known: fields.read_choice(value, known.kinds),
    "severity": _whole(min(SEVERITIES), max(SEVERITIES)),
    "summary": _text(5_000, lines=True),
    "impact": lambda value, _known: fields.read_list(value, most=10, longest=500),
    "services": lambda value, known: fields.read_choices(value, known.services),
    "skills": lambda value, known: fields.read_skills(value, known.skills, DEFAULT_LEVEL),
    "languages": lambda value, known: fields.read_languages(value, known.languages),
    "mode": lambda value, _known: fields.read_choice(value, (*MODES, EITHER)),
    "experts_needed": _whole(1, MOST_EXPERTS),
    "place": _text(200),
    "lat": _number(-90, 90),
    "lon": _number(-180, 180),
    "affected_radius_km": _number(0, FARTHEST_KM),
    "local_experts_safe": _flag,
    "contact_name": _text(200),
    "contact_phone": _phone,
    "contact_email": lambda value, _known: fields.read_email(value),
    "exercise": _flag,
    "language": lambda value, known: nearest_language(str(_text(12)(value, known))),
}
