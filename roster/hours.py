"""Weekly and quiet hours as words, and what the clock shows where somebody is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import get_locale

from core.i18n import left_to_right
from roster.models import Expert
from roster.rules.spans import write_span


def weekly_hours(expert: Expert) -> str:
    """`Mon–Fri 09:00–12:30, 14:00–17:00; Sat …` in the reader's language; empty without any."""
    days = get_locale().days["format"]["abbreviated"]
    spans: dict[int, list[str]] = {}
    for span in sorted(expert.weekly, key=lambda span: (span.weekday, span.start)):
        spans.setdefault(span.weekday, []).append(hours(span.start, span.end))
    runs: list[tuple[int, int, list[str]]] = []  # first and last weekday of those that are alike
    for weekday, said in spans.items():
        if runs and runs[-1][1:] == (weekday - 1, said):
            runs[-1] = runs[-1][0], weekday, said
        else:
            runs.append((weekday, weekday, said))
    return "; ".join(
        f"{days[first]}{f'–{days[last]}' if last > first else ''} {', '.join(said)}"
        for first, last, said in runs
    )


def hours(start: int | None, end: int | None) -> str:
    """`22:00–06:30` from local minutes since midnight; empty without them."""
    if start is None or end is None:
        return ""
    return left_to_right(write_span((start, end)))


def clock_there(now: datetime, zone: str) -> str:
    """What the clock shows at `now` in the IANA time zone `zone`: before anybody is called."""
    return left_to_right(f"{now.astimezone(ZoneInfo(zone)):%H:%M}")
