"""The mails that the application would have sent, the latest first."""

from flask import Blueprint, Response

from sandbox.pages.wall import show_page
from sandbox.rest import the_store

bp = Blueprint("mails", __name__)

ON_ONE_PAGE = 200


@bp.get("/mails")
def show_mails() -> Response:
    """The latest mails."""
    mails = the_store().mails_to()
    return show_page("mails.html", mails=mails[::-1][:ON_ONE_PAGE], count=len(mails))
