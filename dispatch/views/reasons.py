"""Why somebody is not asked, in words: short for counts, and as a sentence with its facts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date

from core.db import db
from core.i18n import current_language
from core.reference.models import Language, Skill, named
from dispatch.wording.catalogue import _
from roster.rules import terms
from roster.rules.availability import last_day

Facts = Mapping[str, Any]


def reason_words(reason: str) -> str:
    """One of roster.rules.terms.REASONS in a few words."""
    words = {
        terms.NOT_VETTED: _("not on the roster"),
        terms.NOT_VALID: _("validity over"),
        terms.OPTED_OUT: _("said STOP"),
        terms.NO_CHANNEL: _("cannot be reached"),
        terms.AWAY: _("away"),
        terms.RESTING: _("quiet hours"),
        terms.OFF_HOURS: _("outside their hours"),
        terms.BUSY: _("on missions already"),
        terms.OFFERED: _("being asked for another case"),
        terms.NO_SKILL: _("skill missing"),
        terms.NO_LANGUAGE: _("language missing"),
        terms.NO_MODE: _("not in this way (remote or on site)"),
        terms.NO_SCOPE: _("works nearer to home only"),
        terms.CONFLICT: _("conflict of interest"),
        terms.AFFECTED: _("inside the affected area"),
        terms.ASKED: _("asked already"),
    }
    return words.get(reason, reason)


def reason_sentence(reason: str, facts: Facts) -> str:
    """The reason with what is behind it: "away until 3 December", "no Arabic or French"."""
    tell = TELL.get(reason)
    return (tell(facts) if tell else "") or reason_words(reason)


def _away(facts: Facts) -> str:
    until = _moment(facts.get("until"))
    if until is None:
        return _("away, nobody knows until when")
    return _("away until %(day)s", day=format_date(last_day(until, facts["time_zone"]), "d MMMM y"))


def _hours(facts: Facts) -> str:
    until = _moment(facts.get("until"))
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(facts["time_zone"]))
    return _("not before %(hour)s in %(zone)s", hour=f"{local:%H:%M}", zone=facts["time_zone"])


def _validity(facts: Facts) -> str:
    until = _moment(facts.get("valid_until"))
    return _("valid until %(day)s", day=format_date(until, "d MMMM y")) if until else ""


def _missions(facts: Facts) -> str:
    taken, most = int(facts.get("missions", 0)), int(facts.get("limit", 0))
    if most == 0:
        return _("accepts no mission")
    return _("on missions already: %(taken)d of %(most)d", taken=taken, most=most)


def _skills(facts: Facts) -> str:
    missing = facts.get("missing", [])
    names = [_skill(code, level, facts.get("ended", {}).get(code)) for code, level in missing]
    return _("lacks %(skills)s", skills="; ".join(names)) if names else ""


def _skill(code: str, level: int, ended: str | None) -> str:
    day = _moment(ended)
    if day is None:
        return _("%(skill)s (level %(level)d)", skill=name_of(Skill, code), level=level)
    last = format_date(day, "d MMMM y")
    return _("%(skill)s (certificate ended on %(day)s)", skill=name_of(Skill, code), day=last)


def _languages(facts: Facts) -> str:
    wanted = [name_of(Language, code) for code in facts.get("wanted", [])]
    return _("speaks none of: %(languages)s", languages=", ".join(wanted)) if wanted else ""


def _conflicts(facts: Facts) -> str:
    return _("conflict of interest: %(codes)s", codes=", ".join(facts.get("with", [])))


def _area(facts: Facts) -> str:
    if "distance_km" not in facts:
        return _("lives in the affected country")
    return _("%(km)d km from the centre of the crisis", km=round(facts["distance_km"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def name_of(model: type[Skill] | type[Language], code: str) -> str:
    """What `code` is called in the reader's language; itself when nothing is called so."""
    row = db.session.get(model, code)
    return named(row, current_language()) if row else code


TELL: dict[str, Callable[[Facts], str]] = {
    terms.AWAY: _away,
    terms.RESTING: _hours,
    terms.OFF_HOURS: _hours,
    terms.NOT_VALID: _validity,
    terms.BUSY: _missions,
    terms.NO_SKILL: _skills,
    terms.NO_LANGUAGE: _languages,
    terms.CONFLICT: _conflicts,
    terms.AFFECTED: _area,
}
