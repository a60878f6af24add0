"""Names, places, distances and times as a short text says them, in the reader's language.

Call these inside `core.i18n.speaking`. Knows nothing of channels or of what is being said.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.i18n import current_language
from core.reference.models import CrisisKind, Office, named
from dispatch.models import CrisisRequest
from dispatch.wording.catalogue import _

EXACT_S = 300  # a window shorter than this many seconds is told to the second
# The reference rows say it in full, which no text message has room for.
SHORT_KINDS: Mapping[str, Callable[[], str]] = {
    "PAND": lambda: _("pandemic"),
    "NAT": lambda: _("natural disaster"),
    "WAR": lambda: _("war or conflict"),
    "POL": lambda: _("political crisis"),
    "CYB": lambda: _("cyberattack"),
    "ECO": lambda: _("economic crisis"),
    "OPS": lambda: _("technical failure"),
    "OTH": lambda: _("emergency"),
}
DAYS_BY_NAME = 6  # a weekday names a day without doubt for so long


def office_name(office: Office) -> str:
    """The short name of an office: its country, or the acronym of a regional one."""
    if not office.iso2 and office.office_acronym:
        return office.office_acronym
    # "Bolivia (Plurinational State of)" would cost a segment.
    return re.sub(r"\s*[(（][^)）]*[)）]$", "", named(office, current_language()) or office.name_en)


def kind_name(request: CrisisRequest) -> str:
    """What happened, in a word or two; as an administrator named it if one did."""
    kind: CrisisKind | None = request.kind_row
    if request.kind in SHORT_KINDS and (kind is None or "names" not in kind.edited):
        return SHORT_KINDS[request.kind]()
    return named(kind, current_language()) if kind else request.kind


def distance_text(distance_km: float | None) -> str:
    """`distance_km` in whole kilometres; None is work from afar."""
    if distance_km is None:
        return _("remote")
    return _("%(km)s km", km=max(1, round(distance_km)))


def local_deadline(deadline: datetime, time_zone: str, now: datetime, window_s: float) -> str:
    """`deadline` as the clock on the reader's wall shows it, rounded down; with the day if needed,
    and always with how far that clock is from UTC: who travels wears another one.

    Times in UTC; `window_s` is the time the reader had in all.
    """
    zone = ZoneInfo(time_zone)
    local, today = deadline.astimezone(zone), now.astimezone(zone).date()
    clock = "HH:mm:ss" if window_s < EXACT_S else "HH:mm"
    days = (local.date() - today).days
    if days == 0:
        pattern = clock
    elif 0 < days <= DAYS_BY_NAME:
        pattern = f"EEE {clock}"
    else:
        pattern = f"d MMM {clock}"
    return _with_offset(local, pattern)


def local_day(moment: datetime, time_zone: str) -> str:
    """`moment` (UTC) as a day and an hour in the reader's zone, and which zone that is."""
    return _with_offset(moment.astimezone(ZoneInfo(time_zone)), "d MMM y HH:mm")


def _with_offset(local: datetime, pattern: str) -> str:
    """`local` (aware) in that pattern, and its zone as a text has room for: `UTC+5:45`."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours}" if minutes else ""
    shown = format_datetime(local, pattern, locale=current_language())
    return f"{shown} UTC{offset}{f':{rest:02}' if rest else ''}"
