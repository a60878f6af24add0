"""The first page, the privacy notice, and the list of an administrator's pages.

Which rooms there are is not known here: a way is shown when the application has its address.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from core.access import allowed, may, open_to_all

bp = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Way:
    """A page that somebody with `permission` works on."""

    permission: str
    path: str
    title: str
    what: str
    of_an_office: bool = False


WORK = (
    Way(
        "desk.see", "/desk/", _l("Duty board"), _l("Every open case, who was asked, what is stuck.")
    ),
    Way("crisis.file", "/crisis/new", _l("Report a crisis"), _l("Ask for an expert.")),
    Way("own", "/me", _l("My page"), _l("Requests to you, your missions, when you are away.")),
    Way("roster.see", "/roster/", _l("Experts"), _l("Who is on the roster, and who is available.")),
    Way("roster.edit", "/vetting/", _l("Vetting"), _l("Applications that wait for you.")),
    Way("roster.nominate", "/nominate", _l("Nominate an expert"), _l("They are invited to apply.")),
    Way("office.edit", "/office/", _l("My office"), _l("Contacts, languages, services."), True),
    Way("admin.see", "/admin/", _l("Administration"), _l("Accounts, policies, reference data.")),
    Way("audit.see", "/admin/audit", _l("Audit"), _l("Who did what, and when.")),
    Way("account", "/account/", _l("My account"), _l("Name, phone, language, password.")),
)
ADMINISTRATION = (
    Way("admin.see", "/admin/users/", _l("Accounts"), _l("Invite people, give roles, disable.")),
    Way(
        "admin.see",
        "/admin/reference/",
        _l("Reference data"),
        _l("Offices, regions, languages, skills, kinds of crisis, services."),
    ),
    Way("admin.see", "/admin/policies", _l("Escalation"), _l("Who is asked when, per severity.")),
    Way("audit.see", "/admin/audit", _l("Audit"), _l("Who did what, and when.")),
)


@bp.get("/")
@open_to_all
def home() -> str:
    """What this is, and the two ways in; for those signed in, where they work."""
    return render_template("pages/home.html", ways=open_ways(WORK), can_apply=exists("/apply"))


@bp.get("/privacy")
@open_to_all
def privacy() -> str:
    """What we keep, why, how long, and what one may ask for."""
    return render_template("pages/privacy.html")


@bp.get("/admin/")
@may("admin.see")
def administration() -> str:
    """The administrator's pages."""
    return render_template("admin/index.html", ways=open_ways(ADMINISTRATION))


def open_ways(ways: tuple[Way, ...]) -> list[Way]:
    """Those of `ways` that exist and that the present user may go."""
    return [
        way
        for way in ways
        if allowed(way.permission)
        and (current_user.office_code or not way.of_an_office)
        and exists(way.path)
    ]


def exists(path: str) -> bool:
    """Whether the application answers at `path`."""
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return True
