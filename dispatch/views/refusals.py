"""A move that the state no longer allows, as a page with a clear sentence in place of a fault."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, make_response, render_template

from dispatch.models import CrisisRequest, Offer
from dispatch.rules.lifecycle import MoveNotAllowedError


@contextmanager
def explain_refusal(
    crisis: CrisisRequest, way_back: str, offer: Offer | None = None
) -> Iterator[None]:
    """Ends the request with 409 when the move inside is not allowed, saying how it stands now.

    Goes outside of `writing()`, so that everything is undone first.
    """
    try:
        yield
    except MoveNotAllowedError:
        page = render_template(
            "dispatch/refused.html", crisis=crisis, offer=offer, way_back=way_back
        )
        abort(make_response(page, 409))
