"""What the office that filed is told, at its contact and its focal points.

The expert's name and phone are told only once they have accepted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.i18n import speaking
from dispatch.models import CrisisRequest
from dispatch.wording.catalogue import _
from dispatch.wording.replies import finish

RECEIVED, CONFIRMING, SEARCHING = "received", "confirming", "searching"
ACCEPTED, UNFILLED, DROPPED_OUT = "accepted", "unfilled", "dropped_out"
CANCELLED, CLOSED = "cancelled", "closed"


@dataclass(frozen=True)
class News:
    """What is told of `request`: its live status at `link`, the emergency number `phone`, and
    name and phone of each expert who is `coming`."""

    request: CrisisRequest
    link: str
    phone: str
    coming: Sequence[tuple[str, str]] = ()


def office_text(news: News, purpose: str, language: str) -> str:
    """One text of `news`. Raises KeyError for a purpose that is none of this module's."""
    with speaking(language):
        text = TEXTS[purpose](news)
        return finish(_("EXERCISE. %(text)s", text=text) if news.request.exercise else text)


def office_subject(request: CrisisRequest, language: str) -> str:
    """The subject of the same message as a mail."""
    with speaking(language):
        return _("IP-ROC case %(number)s: news", number=request.number)


def _accepted(news: News) -> str:
    # No distance: an office learns bands only, and by now the name and the phone are what counts.
    coming = (_("%(name)s, %(phone)s", name=name, phone=phone) for name, phone in news.coming)
    return _(
        "IP-ROC case %(number)s: %(experts)s will help you. Live status: %(link)s",
        number=news.request.number,
        experts="; ".join(coming),
        link=news.link,
    )


TEXTS: Mapping[str, Callable[[News], str]] = {
    RECEIVED: lambda news: _(
        "IP-ROC case %(number)s: received. Live status: %(link)s",
        number=news.request.number,
        link=news.link,
    ),
    CONFIRMING: lambda news: _(
        "IP-ROC case %(number)s: received. A duty officer calls you back before we ask experts. "
        "Emergency phone: %(phone)s Live status: %(link)s",
        number=news.request.number,
        phone=news.phone,
        link=news.link,
    ),
    SEARCHING: lambda news: _(
        "IP-ROC case %(number)s: we are asking the nearest experts. Live status: %(link)s",
        number=news.request.number,
        link=news.link,
    ),
    ACCEPTED: _accepted,
    UNFILLED: lambda news: _(
        "IP-ROC case %(number)s: no expert has been found yet. A duty officer is looking. "
        "Emergency phone: %(phone)s Live status: %(link)s",
        number=news.request.number,
        phone=news.phone,
        link=news.link,
    ),
    DROPPED_OUT: lambda news: _(
        "IP-ROC case %(number)s: an expert can no longer come. We are asking others. "
        "Live status: %(link)s",
        number=news.request.number,
        link=news.link,
    ),
    CANCELLED: lambda news: _("IP-ROC case %(number)s is cancelled.", number=news.request.number),
    CLOSED: lambda news: _("IP-ROC case %(number)s is closed.", number=news.request.number),
}
