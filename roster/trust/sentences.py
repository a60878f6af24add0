"""What was seen and what was changed, as sentences for a person. Reads and decides nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import LANGUAGES
from roster.rules import terms
from roster.trust import sightings
from roster.vetting import words

SEEN = {
    sightings.PAGE: _l("Looked at the page"),
    sightings.PAPER: _l("Opened a file that was handed in"),
    sightings.EXPORT: _l("Took the data away as a file"),
    sightings.API: _l("Read the data through the API"),
    sightings.DOWNLOAD: _l("Downloaded all that is stored"),
}
SEEN_BY_LIST = {
    sightings.PAGE: _l("Looked at the list of experts"),
    sightings.EXPORT: _l("Took the whole roster away as a file"),
    sightings.API: _l("Read the list of experts through the API"),
}
DONE = {
    "imported": _l("Entered from a file, line %(line)s"),
    "changed_by_import": _l("Changed from a file, line %(line)s"),
    "changed_in_bulk": _l("Changed together with others"),
    "bulk_undone": _l("A change made together with others was undone"),
    "applied": _l("Applied"),
    "vetted": _l("Was vetted and approved; state: %(status)s; valid until %(valid_until)s"),
    "renewed": _l("Was examined anew; state: %(status)s; valid until %(valid_until)s"),
    "case_opened": _l("A case was opened: %(kind)s"),
    "case_taken": _l("A case was given to somebody"),
    "case_due": _l("A case is to be decided by %(due_on)s"),
    "case_decided": _l("A case was decided: %(state)s"),
    "case_dropped": _l("A case was dropped"),
    "step_recorded": _l("A finding was recorded: %(stage)s, %(result)s"),
    "referee_named": _l("A referee was named"),
    "referee_asked": _l("A referee was asked"),
    "referee_answered": _l("A referee has answered"),
    "referee_declined": _l("A referee would rather say nothing"),
    "panel_joined": _l("Became a member of the panel"),
    "panel_left": _l("Left the panel"),
    "listed": _l("Was listed in IP-ROC as %(reference)s"),
    "delisted": _l("Was taken out of IP-ROC"),
    "suspended": _l("Was suspended: %(reason)s"),
    "reinstated": _l("The suspension was lifted"),
    "expired": _l("The validity ended"),
    "withdrew": _l("Left the roster"),
    "reconfirmed": _l("Said that they still want to be asked"),
    "evaluated": _l("A mission was evaluated: %(rating)s of 5"),
    "away": _l("An absence was noted"),
    "absence_ended": _l("An absence was ended"),
    "back": _l("Said to be back"),
    "hours_set": _l("The weekly hours were set"),
    "quiet_hours_set": _l("The quiet hours were set"),
    "present_place_set": _l("The present place was set"),
    "present_place_cleared": _l("The present place was cleared"),
    "limit_set": _l("Missions at a time: %(limit)s"),
    "modes_set": _l("The modes were set"),
    "time_zone_set": _l("The time zone was set: %(zone)s"),
    "language_set": _l("Is written to in: %(language)s"),
    "opted_out": _l("Said STOP: wants to be asked nothing"),
    "opted_in": _l("Said START: may be asked again"),
    "sms_failed": _l("The phone was found to take no texts"),
    "one_way": _l("Texts to the phone were found to be one-way"),
    "phone_proved": _l("The phone was proved"),
    "phone_not_proved": _l("The phone could not be proved"),
    "phone_changed": _l("The phone was changed"),
    "account_linked": _l("Got an account of their own"),
    "calendar_renewed": _l("Got a new calendar address"),
    "calendar_closed": _l("Closed the calendar address"),
    "erased": _l("The personal data were erased"),
}
# To the person themself, to whom no single finding is told.
FOUND_SOMETHING = _l("A finding was recorded: %(stage)s")
STATUSES = {
    terms.APPLICANT: _l("Applicant"),
    terms.QUALIFIED: _l("Qualified"),
    terms.LISTED: _l("Listed in IP-ROC"),
    terms.SUSPENDED: _l("Suspended"),
    terms.EXPIRED: _l("Expired"),
    terms.REMOVED: _l("Removed"),
}
# What a row of the audit says in codes, in words.
NAMED: Mapping[str, Mapping[str, Any]] = {
    "kind": words.KINDS,
    "language": LANGUAGES,
    "result": words.RESULTS,
    "stage": words.STAGES,
    "state": words.STATES,
    "status": STATUSES,
}
DAYS = ("due_on", "valid_until")


def seen_words(what: str, *, everybody: bool) -> str:
    """How a sighting reads; `everybody`: the look was at a list of all."""
    found = SEEN_BY_LIST.get(what) if everybody else None
    return str(found or SEEN[what])


def done_words(action: str, payload: Mapping[str, Any] | None) -> str:
    """How an audit row of `expert.<verb>` reads; an erased one has no details any more."""
    verb = action.rpartition(".")[2]
    sentence = DONE.get(verb)
    if sentence is None:
        return str(_("Changed (%(verb)s)", verb=verb.replace("_", " ")))
    said = {name: _detail(name, value) for name, value in (payload or {}).items()}
    if verb == "step_recorded" and "result" not in said:
        sentence = FOUND_SOMETHING
    return str(sentence) % _Told(said)


def _detail(name: str, value: object) -> object:
    if isinstance(value, str) and value in NAMED.get(name, {}):
        return NAMED[name][value]
    if isinstance(value, str) and value and name in DAYS:
        return format_date(date.fromisoformat(value), "medium")
    return value


class _Told(dict[str, Any]):
    """What a row says; a detail that it does not say is left as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
