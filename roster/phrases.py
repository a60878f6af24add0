"""Why somebody is not asked, as words in the reader's language: "away until 3 December 2026".

Works on the facts of `roster.rules.details`, also on those that were stored with a decision.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from roster.rules import terms
from roster.rules.availability import last_day

Facts = Mapping[str, Any]


def phrase(reason: str, facts: Facts) -> str:
    """The facts behind `reason` (of terms.REASONS); empty when the reason says it all."""
    tell = TELL.get(reason)
    return tell(facts) if tell and facts else ""


def _status(facts: Facts) -> str:
    words = {
        terms.APPLICANT: _("applicant"),
        terms.SUSPENDED: _("suspended"),
        terms.EXPIRED: _("expired"),
        terms.REMOVED: _("removed"),
    }
    return str(words.get(facts["status"], ""))


def _validity(facts: Facts) -> str:
    if not facts["valid_until"]:
        return str(_("never approved for a period"))
    day = last_day(datetime.fromisoformat(facts["valid_until"]), "UTC")
    return str(_("valid until %(day)s", day=format_date(day)))


def _absence(facts: Facts) -> str:
    if not facts["until"]:
        return str(_("away until they say they are back"))
    day = last_day(datetime.fromisoformat(facts["until"]), facts["time_zone"])
    return str(_("away until %(day)s", day=format_date(day)))


def _hours(facts: Facts) -> str:
    if not facts["until"]:
        return str(_("never at work"))
    local = datetime.fromisoformat(facts["until"]).astimezone(ZoneInfo(facts["time_zone"]))
    said = _(
        "from %(day)s, %(time)s in %(zone)s",
        day=format_date(local.date(), "medium"), time=f"{local:%H:%M}", zone=facts["time_zone"],
    )  # fmt: skip
    return str(said)


def _limit(facts: Facts) -> str:
    return str(
        _("on %(count)s of %(limit)s missions", count=facts["missions"], limit=facts["limit"])
    )


def _skills(facts: Facts) -> str:
    missing = ", ".join(f"{code}:{level}" for code, level in facts["missing"])
    return str(_("without %(skills)s", skills=missing))


def _languages(facts: Facts) -> str:
    known = get_locale().languages if get_locale() else {}
    wanted = [str(known.get(code, code)) for code in facts["wanted"]]
    return str(_("none of: %(languages)s", languages=", ".join(wanted)))


def _modes(facts: Facts) -> str:
    words = {(terms.REMOTE,): _("only remote"), (terms.ON_SITE,): _("only on site")}
    return str(words.get(tuple(facts["accepts"]), ""))


def _conflicts(facts: Facts) -> str:
    return str(_("conflict of interest with %(codes)s", codes=", ".join(facts["with"])))


def _area(facts: Facts) -> str:
    if "country" in facts:
        return str(_("based in %(country)s", country=facts["country"]))
    return str(_("%(km)s km from the centre of it", km=facts["distance_km"]))


TELL: dict[str, Callable[[Facts], str]] = {
    terms.NOT_VETTED: _status,
    terms.NOT_VALID: _validity,
    terms.AWAY: _absence,
    terms.RESTING: _hours,
    terms.OFF_HOURS: _hours,
    terms.BUSY: _limit,
    terms.NO_SKILL: _skills,
    terms.NO_LANGUAGE: _languages,
    terms.NO_MODE: _modes,
    terms.CONFLICT: _conflicts,
    terms.AFFECTED: _area,
}
