"""Weekly and quiet hours as words."""

from flask_babel import get_locale

from roster.models import Expert


def weekly_hours(expert: Expert) -> str:
    """`Mon 09:00–17:00, …` in the reader's language; empty when none are set."""
    days = get_locale().days["format"]["abbreviated"]
    spans = sorted(expert.weekly, key=lambda span: (span.weekday, span.start))
    return ", ".join(f"{days[span.weekday]} {hours(span.start, span.end)}" for span in spans)


def hours(start: int | None, end: int | None) -> str:
    """`22:00–06:30` from local minutes since midnight; empty without them."""
    if start is None or end is None:
        return ""
    return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"
