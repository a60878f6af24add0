"""Parts of a page that ask for themselves anew, and are sent again only when they have changed.

Nobody's reading, typing or screen reader is disturbed by news that are none. Knows no crisis.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

TOKEN = re.compile(r'<input[^>]+name="csrf_token"[^>]*>')  # made anew each time it is asked for


@dataclass(frozen=True)
class LivePart:
    """One part: its HTML, the address that shows it anew, and a digest of what it says.

    `every_s` is how often it asks, in seconds; 0 when nothing can change any more. `said` is the
    sentence that is read out to those who do not see it change.
    """

    name: str
    html: Markup
    address: str
    seen: str
    every_s: int
    said: str = ""


def live_part(
    name: str, template: str, address: str, *, every_s: int, said: str = "", **shown: object
) -> LivePart:
    """The part `name` (its id on the page) of `template`, shown anew at `address`."""
    html = render_template(template, **shown)
    digest = hashlib.sha256(TOKEN.sub("", html).encode()).hexdigest()[:16]
    return LivePart(name, Markup(html), address, digest, every_s, said)  # noqa: S704  rendered above


def answer_live(part: LivePart) -> str | Response:
    """The part for a page that shows one already: 204 when it would be the same."""
    if request.args.get("seen") == part.seen:
        return Response(status=204)
    return render_template("parts/live.html", part=part, again=True)


def address_of(endpoint: str, **values: Any) -> str:
    """The address of a live part, with the language that this page is read in by its address."""
    return url_for(endpoint, **values, lang=request.args.get("lang"))
