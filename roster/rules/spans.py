"""Hours of a day as people type them: `09:00-12:00, 13-17`, in digits of any script. Pure."""

import re
import unicodedata
from collections.abc import Iterable

DAY = 24 * 60
MOST_SPANS = 6
UNREADABLE, OVER_MIDNIGHT, TOO_MANY = "unreadable", "over_midnight", "too_many"
Span = tuple[int, int]  # local minutes since midnight, end excluded

_BETWEEN = re.compile(r"[,;،؛，、；\n]+|\s+(?=\d)")
_DASHES = re.compile(r"\s*[-‐‑‒–—−~〜到至]\s*")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?")


class SpanError(ValueError):
    """Hours that cannot be: `reason` is one of the words above, `said` the part that is wrong."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, said


def read_spans(text: str) -> tuple[Span, ...]:
    """The spans of one day in their order, those that touch joined; none for an empty text.

    Raises SpanError: what goes over midnight is two spans on two days.
    """
    parts = [part for part in _BETWEEN.split(_DASHES.sub("-", _plain(text))) if part.strip()]
    return join_spans(_read_span(part.strip()) for part in parts)


def read_minute(text: str) -> int:
    """Minutes since midnight of `22:00`, up to 24:00. Raises SpanError."""
    return _minutes(_plain(text), text)


def join_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` in order, those that touch or overlap made one. Raises SpanError."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= DAY:
            raise SpanError(OVER_MIDNIGHT, write_span((start, end)))
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    if len(joined) > MOST_SPANS:
        raise SpanError(TOO_MANY, write_span(joined[-1]))
    return tuple(joined)


def write_span(span: Span) -> str:
    """`09:00–12:30`, as `read_spans` reads it."""
    start, end = span
    return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return "".join(str(unicodedata.decimal(mark, mark)) for mark in plain)


def _read_span(text: str) -> Span:
    start, dash, end = text.partition("-")
    if not dash:
        raise SpanError(UNREADABLE, text)
    span = _minutes(start, text), _minutes(end, text)
    if span[1] <= span[0]:
        raise SpanError(OVER_MIDNIGHT, text)
    return span


def _minutes(text: str, whole: str) -> int:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise SpanError(UNREADABLE, whole)
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    if int(found[2] or 0) > 59 or minutes > DAY:
        raise SpanError(UNREADABLE, whole)
    return minutes
