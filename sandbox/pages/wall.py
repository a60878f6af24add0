"""The wall of phones, and how every page keeps itself fresh."""

from flask import Blueprint, Response, make_response, render_template, request

from sandbox.pages.cards import quiet_phones, wall
from sandbox.rest import the_store

bp = Blueprint("wall", __name__)

ON_ONE_WALL = 24


def show_page(template: str, **facts: object) -> Response:
    """A page; or for the script that asks with `version`, its middle, or 204 when nothing is new.

    The version is read first: what changes while the page is written is fetched the next time.
    """
    version = str(the_store().version)
    asked = request.args.get("version")
    if asked == version:
        return make_response("", 204)
    frame = "fragment.html" if asked is not None else "page.html"
    page = make_response(render_template(template, frame=frame, version=version, **facts))
    page.headers["X-Version"] = version
    return page


@bp.get("/")
def show_wall() -> Response:
    """Every phone that was busy, the latest first."""
    limit = 10_000 if request.args.get("all") else ON_ONE_WALL
    cards, busy = wall(the_store(), limit)
    return show_page(
        "wall.html", cards=cards, more=busy - len(cards), quiet=quiet_phones(the_store())
    )


@bp.get("/favicon.ico")
def show_icon() -> Response:
    """Browsers ask for it by themselves."""
    return make_response("", 204)
