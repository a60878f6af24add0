"""What the office that filed is told, at its contact and its focal points.

The expert's name and phone are told only once they have accepted.
"""

from collections.abc import Callable, Mapping

from core.i18n import speaking
from dispatch.models import CrisisRequest, Mission
from dispatch.rules import terms
from dispatch.wording.catalogue import _
from dispatch.wording.replies import finish

RECEIVED, CONFIRMING, SEARCHING = "received", "confirming", "searching"
ACCEPTED, UNFILLED, DROPPED_OUT = "accepted", "unfilled", "dropped_out"
CANCELLED, CLOSED = "cancelled", "closed"
ACTIVE = (terms.ACCEPTED, terms.STARTED)


def office_text(request: CrisisRequest, purpose: str, language: str, link: str, phone: str) -> str:
    """One text about `request`; `link` is its live status, `phone` the emergency number.

    Raises KeyError for a purpose that is none of this module's.
    """
    with speaking(language):
        text = TEXTS[purpose](request, link, phone)
        return finish(_("EXERCISE. %(text)s", text=text) if request.exercise else text)


def office_accepted_text(request: CrisisRequest, language: str, link: str) -> str:
    """Who comes: name and phone of each expert who has accepted and not withdrawn."""
    return office_text(request, ACCEPTED, language, link, "")


def office_subject(request: CrisisRequest, language: str) -> str:
    """The subject of the same message as a mail."""
    with speaking(language):
        return _("IP-ROC case %(number)s: news", number=request.number)


def _accepted(request: CrisisRequest, link: str, _phone: str) -> str:
    coming = [mission for mission in request.missions if mission.status in ACTIVE]
    return _(
        "IP-ROC case %(number)s: %(experts)s will help you. Live status: %(link)s",
        number=request.number,
        experts="; ".join(_expert(mission) for mission in coming),
        link=link,
    )


def _expert(mission: Mission) -> str:
    # No distance: an office learns bands only, and by now the name and the phone are what counts.
    return _("%(name)s, %(phone)s", name=mission.expert.name, phone=mission.expert.phone)


Text = Callable[[CrisisRequest, str, str], str]

TEXTS: Mapping[str, Text] = {
    RECEIVED: lambda request, link, _phone: _(
        "IP-ROC case %(number)s: received. Live status: %(link)s", number=request.number, link=link
    ),
    CONFIRMING: lambda request, link, phone: _(
        "IP-ROC case %(number)s: received. A duty officer calls you back before we ask experts. "
        "Emergency phone: %(phone)s Live status: %(link)s",
        number=request.number,
        phone=phone,
        link=link,
    ),
    SEARCHING: lambda request, link, _phone: _(
        "IP-ROC case %(number)s: we are asking the nearest experts. Live status: %(link)s",
        number=request.number,
        link=link,
    ),
    ACCEPTED: _accepted,
    UNFILLED: lambda request, link, phone: _(
        "IP-ROC case %(number)s: no expert has been found yet. A duty officer is looking. "
        "Emergency phone: %(phone)s Live status: %(link)s",
        number=request.number,
        phone=phone,
        link=link,
    ),
    DROPPED_OUT: lambda request, link, _phone: _(
        "IP-ROC case %(number)s: an expert can no longer come. We are asking others. "
        "Live status: %(link)s",
        number=request.number,
        link=link,
    ),
    CANCELLED: lambda request, _link, _phone: _(
        "IP-ROC case %(number)s is cancelled.", number=request.number
    ),
    CLOSED: lambda request, _link, _phone: _(
        "IP-ROC case %(number)s is closed.", number=request.number
    ),
}
