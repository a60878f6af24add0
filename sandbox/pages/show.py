"""How the pages write things: times, numbers, and links in a text that somebody else wrote."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask
from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def register_filters(app: Flask) -> None:
    """Make the functions below known to the templates."""
    app.add_template_filter(link_text, "links")
    app.add_template_filter(write_time, "time")
    app.add_template_filter(write_day, "day_time")
    app.add_template_filter(only_digits, "digits")
    app.add_template_filter(only_path, "path")


def link_text(text: str) -> Markup:
    """The text, escaped, with its http(s) links to click on."""
    parts: list[Markup] = []
    done = 0
    for found in _LINK.finditer(text):
        url = found.group()
        parts.append(escape(text[done : found.start()]))
        parts.append(Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(url))
        done = found.end()
    return Markup("").join([*parts, escape(text[done:])])


def write_time(moment: datetime) -> str:
    """Hours, minutes and seconds, in UTC."""
    return moment.strftime("%H:%M:%S")


def write_day(stamp: str) -> str:
    """Day and time of an ISO 8601 stamp, in UTC; anything else as it is."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def only_path(url: str) -> str:
    """A URL without the part that is the same for all posts."""
    return urlsplit(url).path or url


def only_digits(number: str) -> str:
    """A number as it stands in an address: without its plus."""
    return number.removeprefix("+")
